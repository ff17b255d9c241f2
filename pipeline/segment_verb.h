// unetflow segment
#pragma once
#include "pipeline/segment_options.h"

namespace unet {

/// Segments stacks of any size with a trained model, or a shard of one. Goes on where an earlier run with the same
/// options has stopped.
/// Throws Error: usage, data (channels differ from the model's; another run's unfinished output), no_input,
/// cannot_create (output there already), io, interrupted.
void run_segment(const SegmentOptions &options);

}  // namespace unet
