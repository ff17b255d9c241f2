// How many threads the program uses, and the arena they run in.
#pragma once
#include "pipeline/collective.h"
#include <functional>

namespace unet {

/// Threads this process may use: SLURM_CPUS_PER_TASK where a job sets it, else the processors of the affinity mask,
/// less where the cgroup has a quota. At least 1.
int default_threads();

/// The same of one of several ranks on a node: an equal share of the processors that all of them may use, or what
/// SLURM_CPUS_PER_TASK grants to each.
int default_threads(const NodeShare &node);

/// Runs `work` in a TBB arena of `threads` threads, the caller included; all loops and graphs inside share them.
/// Passes on what `work` throws.
void with_threads(int threads, const std::function<void()> &work);

/// Threads of the arena this is called in.
int arena_threads();

}  // namespace unet
