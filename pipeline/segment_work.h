// What one process of `segment` has to do: everything, or a task's part.
#pragma once
#include "pipeline/ensemble.h"
#include "pipeline/segment_options.h"
#include "pipeline/stack_files.h"
#include <optional>
#include <vector>

namespace unet {

/// Stacks one after the other; of each the bands of `shard`, or all without one.
struct SegmentWork {
    std::vector<StackFiles> stacks;
    std::optional<Shard> shard;
};

/// The shards that this process does; nothing in place of one: everything. Says on stderr which task of a job array it
/// is. Throws Error(usage) when the variables of the queue contradict each other or the options, and when one file
/// would be written by several shards.
std::vector<std::optional<Shard>> shards_to_do(const SegmentOptions &options);

/// Reads the models, and takes their place and that of the least network on the devices in use, so that it is known
/// before any output is begun whether these have room. Throws what Ensemble throws, DeviceFull.
void prepare_models(std::optional<Ensemble> &models, const SegmentOptions &options);

/// A stack is cut into bands; of a folder of outputs each shard makes whole files. Throws what expand_lists, plan_files
/// and check_output throw.
SegmentWork work_of(std::optional<Shard> shard, const SegmentOptions &options);

}  // namespace unet
