// One stack of `label`.
#pragma once
#include "pipeline/label.h"
#include "pipeline/label_checkpoint.h"
#include "pipeline/output_stack.h"
#include "pipeline/progress.h"
#include "pipeline/stack_files.h"
#include "src/sample/lazy_stack.h"

namespace unet {

/// OUTPUT's stem + .csv.
std::filesystem::path object_list_path(const std::filesystem::path &output);

class LabelStack {
public:
    /// Opens the inputs, and closes them; `pool` holds those that are read. Throws what run_label throws.
    LabelStack(const StackFiles &files, const LabelOptions &options, std::shared_ptr<StackPool> pool);

    /// Whether an earlier run has done all of it. Throws Error(cannot_create) when files of another run stand there and
    /// are not to be replaced.
    bool is_complete() const;
    /// What a run leaves that was killed when its output had its name already.
    void remove_leftovers() const;
    /// Rows are read so many times at most.
    int64_t slices_to_read() const;
    /// Returns the number of objects.
    uint64_t run(Progress &progress) const;

private:
    class Job;
    OutputSpec spec_of(SampleType type) const;

    const LabelOptions &options_;
    LazyStack input_;
    std::filesystem::path output_;
    std::map<std::string, std::string> metadata_, run_;
    std::filesystem::file_time_type inputs_changed_;
};

}  // namespace unet
