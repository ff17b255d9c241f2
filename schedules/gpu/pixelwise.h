// The loop nest of layers that touch each pixel once: a thread per channel and pixel.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// For a Func (c, x, y, n) whose channels are padded to whole blocks. Neighbouring threads have neighbouring channels, so that
/// they read and write one contiguous stream. The knob `pixels`: those of a block of threads.
inline void pixelwise_threads(Halide::Func result, const Knobs &knobs = {}) {
    const Halide::Var c = result.args()[0], x = result.args()[1], y = result.args()[2], n = result.args()[3];
    const Halide::Var block{"block"}, ci{"ci"}, xi{"xi"}, row{"row"};
    result.compute_root()
        .split(c, block, ci, channel_block, Halide::TailStrategy::RoundUp)
        .split(x, x, xi, knobs.pixels ? knobs.pixels : 8, Halide::TailStrategy::GuardWithIf)
        .reorder(ci, xi, block, x, y, n)
        .fuse(y, n, row)
        .gpu_blocks(block, x, row).gpu_threads(ci, xi);
}

}  // namespace unet::generators
