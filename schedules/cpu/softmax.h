// The softmax of whole images that losses read more than once: largest and total of a pixel are kept, rows in parallel, pixels in
// vectors.
#pragma once
#include "generators/softmax.h"

namespace unet::generators {

/// What has one value a pixel: rows in parallel, pixels in vectors. With scalars, softmax_loss of two classes took twice as long
/// (388 x 388, two Zen 5 cores, 2026-11-27).
inline void pixel_loops(Halide::Stage stage, Halide::Var x, Halide::Var y, int lanes) {
    stage.vectorize(x, lanes, Halide::TailStrategy::GuardWithIf).parallel(y);
}

inline void kept_softmax(Softmax &softmax, int lanes) {
    for (Halide::Func kept : {softmax.largest, softmax.total}) {
        pixel_loops(kept.compute_root(), softmax.x, softmax.y, lanes);
        pixel_loops(kept.update().reorder(softmax.x, softmax.r, softmax.y, softmax.n), softmax.x, softmax.y, lanes);
    }
}

}  // namespace unet::generators
