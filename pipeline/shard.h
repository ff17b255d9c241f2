// The part of a job that one task of a job array does.
#pragma once
#include "src/stack/stack_writer.h"
#include <optional>
#include <string>
#include <vector>

namespace unet {

/// Shard `index` of `count`, 0 <= index < count.
struct Shard {
    int64_t index = 0, count = 1;
    bool operator==(const Shard &) const = default;
};

/// "3/10". Throws Error(usage) with the words that follow "--shard TEXT: ".
Shard parse_shard(const std::string &text);

/// A task of a job array, and whose. PBS does not tell how many tasks there are: count is 0.
struct ArrayTask {
    std::string queue;
    Shard task;
};

/// The task of a job array that this process is: Slurm's, LSF's, SGE's or PBS's. Nothing outside of one. Throws
/// Error(usage) when the variables contradict each other.
std::optional<ArrayTask> task_of_array();

/// Its number as the queue gives it; null outside of a job array.
const char *array_task_number();

/// The shards that `task` does when the job is cut into `shards` (0: as many as tasks): task k of N does k, k + N, ...
/// Throws Error(usage) when neither says how many.
std::vector<Shard> shards_of(const Shard &task, int64_t shards);

/// Of `bands` bands those of `shard`; as many as the others have, or one less.
BandRange bands_of(const Shard &shard, int64_t bands);

/// `name` with the shard's number for each "%s".
std::string shard_name(const std::string &name, const Shard &shard);

}  // namespace unet
