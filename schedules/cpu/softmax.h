// The softmax of whole images that losses read more than once: kept, rows in parallel.
#pragma once
#include "generators/softmax.h"

namespace unet::generators {

inline void kept_softmax(Softmax &softmax, int lanes) {
    softmax.largest.compute_root().parallel(softmax.y);
    softmax.largest.update().reorder(softmax.r, softmax.x, softmax.y, softmax.n).parallel(softmax.y);
    softmax.total.compute_root().parallel(softmax.y);
    softmax.total.update().reorder(softmax.r, softmax.x, softmax.y, softmax.n).parallel(softmax.y);
    softmax.power.compute_root().vectorize(softmax.c, lanes, Halide::TailStrategy::RoundUp).parallel(softmax.y);
}

}  // namespace unet::generators
