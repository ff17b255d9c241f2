// The inner tile all SIMD schedules share: sums that stay in registers while a reduction runs.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Register tile of `channels` output channels times `pixels` pixels. Pixels divide 6 and channels are whole blocks of 16, for
/// which the engine pads storage (src/kernels/image.h).
///
/// AVX2     16 registers: 2 vectors x 6 pixels = 12 sums, 2 of the filter, 1 of the input
/// AVX-512  32 registers: 4 vectors x 6 pixels = 24 sums, 4 of the filter; with fewer channels 1 or 2 vectors
/// SSE4.1   16 registers: 4 vectors x 2 pixels = 8 sums
struct RegisterTile {
    int lanes, channels, pixels, rows;

    RegisterTile(const Halide::Target &target, const Knobs &knobs)
        : lanes(target.natural_vector_size<float>()),
          channels(channel_block * (knobs.blocks ? knobs.blocks : 1)),
          pixels(knobs.pixels ? knobs.pixels : lanes >= 8 ? 6 : 2),
          rows(knobs.rows ? knobs.rows : 8) {}
};

}  // namespace unet::generators
