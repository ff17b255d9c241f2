#include "tune/pinned_threads.h"
#include <sched.h>
#include <tbb/task_arena.h>

namespace unet {

PinnedThreads::PinnedThreads() {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (CPU_ISSET(processor, &allowed)) processors_.push_back(processor);
    on_scheduler_entry(false);  // who makes it is in the arena already
    observe(true);
}

PinnedThreads::~PinnedThreads() { observe(false); }

void PinnedThreads::on_scheduler_entry(bool) {
    const int thread = tbb::this_task_arena::current_thread_index();
    if (processors_.empty() || thread < 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processors_[size_t(thread) % processors_.size()], &one);
    sched_setaffinity(0, sizeof one, &one);  // where it fails the thread goes on moving
}

}  // namespace unet
