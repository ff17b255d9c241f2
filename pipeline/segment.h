// The segment graph: tiles of a stack through the net, in bounded memory.
#pragma once
#include "pipeline/messages.h"
#include "pipeline/region_plan.h"
#include <functional>

namespace unet {

/// What the nodes do. `read` and `infer` are called from several threads, `store` from one at a time, in plan order.
struct SegmentStages {
    std::function<TilePtr(const TileSpot &)> read;
    std::function<void(Tile &)> infer;
    std::function<void(Tile &)> store;
};

struct SegmentLimits {
    int tiles_in_flight = 4;  ///< tiles between read and store: what memory is made of
    int workspaces = 1;       ///< tiles in the net at the same time
};

/// Workspaces and tiles in flight for an arena of `threads`: layers are parallel inside, so two threads share a net,
/// and each net has a tile waiting before and behind it. `tiles_in_flight` > 0 overrules.
SegmentLimits segment_limits(int threads, int tiles_in_flight = 0);

/// The same for `networks` beside each other.
SegmentLimits limits_of(int networks, int tiles_in_flight = 0);

/// Streams all tiles of `plan` through the stages. The first exception of any stage stops the graph and is thrown here;
/// after a stop signal the tiles in the network are finished and stored, then comes Error(interrupted).
void stream_tiles(const RegionPlan &plan, const SegmentStages &stages, const SegmentLimits &limits);

}  // namespace unet
