// The loop nest of layers that touch each pixel once: vectors of channels, a few rows per task.
#pragma once
#include "generators/knobs.h"

namespace unet::generators {

/// For a Func (c, x, y, n) whose channels are padded to whole vectors.
inline void pixelwise_loops(Halide::Func result, int lanes, const Knobs &knobs) {
    const Halide::Var c = result.args()[0], y = result.args()[2], n = result.args()[3], yi{"yi"}, task{"task"};
    result.compute_root()
        .vectorize(c, lanes, Halide::TailStrategy::RoundUp)
        .split(y, y, yi, knobs.rows ? knobs.rows : 4, Halide::TailStrategy::GuardWithIf)
        .fuse(y, n, task).parallel(task);
}

}  // namespace unet::generators
