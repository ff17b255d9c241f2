// The parallel loops of kernels, in TBB.
#pragma once
#include <atomic>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace unet {

/// Calls `task` for each of `size` numbers from `min` on, in the threads of the current arena. A task returns 0 or an
/// error code, of which the first is returned; no further task begins then.
///
/// Isolated: a thread that waits here must not pick up another tile of the flow graph, which may hold what this one
/// needs.
template<class Task>
int parallel_tasks(int min, int size, const Task &task) {
    if (size == 1) return task(min);  // loops inside others: 1 % of an inference of width 32
    std::atomic<int> first_failure{0};
    const auto body = [&](int i) {
        if (first_failure.load(std::memory_order_relaxed)) return;
        int none = 0;
        if (const int code = task(i)) first_failure.compare_exchange_strong(none, code);
    };
    tbb::this_task_arena::isolate([&] { tbb::parallel_for(min, min + size, body, tbb::simple_partitioner{}); });
    return first_failure;
}

}  // namespace unet
