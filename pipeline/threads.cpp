#include "pipeline/threads.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>

namespace unet {

namespace {

constexpr int no_limit = std::numeric_limits<int>::max();

// cgroup v2: "max 100000" or "150000 100000"; v1: two files, quota -1 for none.
int quota_threads() {
    double quota = 0, period = 0;
    if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2 >> quota >> period && quota > 0 && period > 0)
        return int(std::ceil(quota / period));
    std::ifstream quota_v1("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), period_v1("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    if (quota_v1 >> quota && period_v1 >> period && quota > 0 && period > 0) return int(std::ceil(quota / period));
    return no_limit;
}

int slurm_threads() {
    const char *value = std::getenv("SLURM_CPUS_PER_TASK");
    return value ? std::atoi(value) : 0;
}

}  // namespace

int default_threads() { return default_threads({.ranks = 1, .processors = no_limit}); }

// A rank that is bound to processors of its own has its share already; its quota it has in common with the others.
int default_threads(const NodeShare &node) {
    if (const int granted = slurm_threads(); granted > 0) return granted;
    const int shared = std::min(node.processors, quota_threads()) / node.ranks;
    return std::max(1, std::min(tbb::info::default_concurrency(), shared));
}

void with_threads(int threads, const std::function<void()> &work) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    tbb::task_arena arena(threads);
    arena.execute(work);
}

int arena_threads() { return tbb::this_task_arena::max_concurrency(); }

}  // namespace unet
