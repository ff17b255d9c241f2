#include "src/net/memory.h"
#include <algorithm>

namespace unet {

// A thread keeps the transforms of the Winograd tiles of a task of the widest layer, some in two sizes: up to 16 MB a
// thread at width 16, 53 at width 64 (resident memory, Zen 5; 36 kB for 48 were 1 % too little at width 64).
size_t temporary_bytes(const Architecture &architecture, int threads) {
    return size_t(threads) * (4000000 + (size_t(architecture.width) << architecture.depth) * 48000);
}

size_t inference_weight_bytes(const Architecture &architecture) {
    const ParameterLayout layout(architecture);
    return (layout.size + layout.transformed_size()) * sizeof(float);
}

size_t inference_bytes(const Architecture &architecture, Size largest) {
    return UNet::planned_bytes(architecture, largest, UNet::Use::inference) + inference_weight_bytes(architecture);
}

// Of the layer that takes most: the transforms of its inputs, twice as many channels as outputs at most, and its
// products, for so many tiles at a time (schedules/gpu/winograd_convolution.h); at the bottom its transformed filter,
// too.
size_t device_temporary_bytes(const Architecture &architecture, Size largest) {
    constexpr size_t points = 64, most_tiles = 2048;
    size_t temporaries = 0;
    for (int level = 0; level <= architecture.depth; level++) {
        const auto tiles_across = [&](int pixels) { return size_t(pixels >> level) / 4 + 1; };
        const size_t tiles = std::min(most_tiles, tiles_across(largest.width) * tiles_across(largest.height));
        const size_t channels = size_t(round_up(architecture.level_channels(level), channel_block));
        const size_t filter = level == architecture.depth ? channels * channels : 0;
        temporaries = std::max(temporaries, points * (3 * tiles * channels + filter) * sizeof(float));
    }
    return temporaries;
}

size_t device_network_bytes(const Architecture &architecture, Size largest) {
    return UNet::planned_bytes(architecture, largest, UNet::Use::inference) +
           device_temporary_bytes(architecture, largest);
}

size_t training_bytes(const Architecture &architecture, Size input, UNet::Use use, OptimiserMethod method,
                      int gradients) {
    const ParameterLayout layout(architecture);
    const size_t remembered = method == OptimiserMethod::sgd ? 1 : 2;
    const size_t of_parameters = layout.size * (1 + size_t(gradients) + remembered);
    return UNet::planned_bytes(architecture, input, use) + of_parameters * sizeof(float);
}

}  // namespace unet
