// Threads that stay on their processor while something is timed.
#pragma once
#include <tbb/task_scheduler_observer.h>
#include <vector>

namespace unet {

/// While it lives, each thread that works in the arena it was made in keeps to one of the processors that the process
/// may use. Threads that have left keep to theirs.
class PinnedThreads : public tbb::task_scheduler_observer {
public:
    PinnedThreads();
    ~PinnedThreads() override;
    void on_scheduler_entry(bool is_worker) override;

private:
    std::vector<int> processors_;
};

}  // namespace unet
