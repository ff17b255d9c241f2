// The softmax of whole images that losses read more than once, on GPUs.
#pragma once
#include "generators/layout.h"
#include "generators/softmax.h"

namespace unet::generators {

/// Keeps a Func (x, y, n): a thread per pixel, which also runs a reduction if there is one.
inline void kept_threads(Halide::Func pixel) {
    const Halide::Var x = pixel.args()[0], y = pixel.args()[1], n = pixel.args()[2], xi{"xi"};
    Halide::Func kept = pixel;
    if (pixel.has_update_definition()) {
        kept = pixel.in();
        pixel.compute_at(kept, xi);
    }
    kept.compute_root().split(x, x, xi, 64, Halide::TailStrategy::GuardWithIf).gpu_blocks(x, y, n).gpu_threads(xi);
}

/// The largest score and the sum of powers of each pixel; a power is taken again by whoever reads it.
inline void kept_softmax(Softmax &softmax) {
    kept_threads(softmax.largest);
    kept_threads(softmax.total);
}

/// Sums of rows, a Func (y, n): a thread per row.
inline void row_sum_threads(Halide::Func sum) {
    const Halide::Var y = sum.args()[0], n = sum.args()[1], yi{"yi"};
    for (Halide::Stage stage : {Halide::Stage(sum.compute_root()), sum.update()})
        stage.split(y, y, yi, 16, Halide::TailStrategy::GuardWithIf).gpu_blocks(y, n).gpu_threads(yi);
}

/// The same of each class, a Func (c, y, n) whose classes are padded to whole blocks: a thread per class and row.
inline void class_row_sum_threads(Halide::Func sum) {
    const Halide::Var c = sum.args()[0], y = sum.args()[1], n = sum.args()[2], ci{"ci"}, yi{"yi"};
    for (Halide::Stage stage : {Halide::Stage(sum.compute_root()), sum.update()})
        stage.split(c, c, ci, channel_block, Halide::TailStrategy::GuardWithIf)
            .split(y, y, yi, 4, Halide::TailStrategy::GuardWithIf)
            .reorder(ci, yi, c, y, n)
            .gpu_blocks(c, y, n).gpu_threads(ci, yi);
}

}  // namespace unet::generators
