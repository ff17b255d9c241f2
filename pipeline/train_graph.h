// The train graph: samples drawn ahead of the steps that use them.
#pragma once
#include "src/sample/sample.h"
#include <cstdint>
#include <functional>

namespace unet {

/// What the nodes do. `draw` (read, mirror, augment) is called from several threads, `use` (forward, loss, backward,
/// step) from one at a time, in the order of the samples.
struct TrainStages {
    std::function<Sample(uint64_t index)> draw;
    std::function<void(uint64_t index, const Sample &)> use;
};

/// Streams samples [first, last) through the stages, at most `samples_in_flight` of them in memory. The first exception
/// of any stage stops the graph and is thrown here; so does a stop signal, as Error(interrupted).
void stream_samples(uint64_t first, uint64_t last, const TrainStages &stages, int samples_in_flight);

}  // namespace unet
