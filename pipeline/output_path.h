// Where outputs go: their folders, and what must not be replaced.
#pragma once
#include <cstdint>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

namespace unet {

/// Makes `folder`, and those above it, where they are missing. Throws Error(cannot_create).
void make_folder(const std::filesystem::path &folder);

/// The folder that `file` is to lie in.
void make_folder_of(const std::filesystem::path &file);

/// Files, known by what they are and not by their paths. Those that are not there are none.
class FileSet {
public:
    FileSet() = default;
    explicit FileSet(const std::vector<std::filesystem::path> &files) { add(files); }
    void add(const std::vector<std::filesystem::path> &files);
    bool contains(const std::filesystem::path &file) const;

private:
    std::set<std::pair<uint64_t, uint64_t>> files_;  // device and number
};

/// Keeps inputs from being replaced by results. Throws Error(usage) when `output` has no name, Error(cannot_create)
/// when it is one of `inputs` by whatever path or link. "-" is stdout.
void check_output(const std::filesystem::path &output, const FileSet &inputs);
inline void check_output(const std::filesystem::path &output, const std::vector<std::filesystem::path> &inputs) {
    check_output(output, FileSet(inputs));
}

}  // namespace unet
