// unetflow plan
#pragma once
#include "pipeline/segment_options.h"
#include <string>

namespace unet {

/// Says what `segment` with the same options would do and need, of the shards that it would do: tiles, memory, disk,
/// time from a measurement of about a second. Writes nothing but `json` (a file, - for stdout, empty for none). Throws
/// what `segment` would throw before its first tile, but for outputs that exist.
void run_plan(const SegmentOptions &options, const std::string &json);

}  // namespace unet
