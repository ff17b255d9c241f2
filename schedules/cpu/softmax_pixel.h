// The stages of softmax for one pixel, where a consumer's loop over x needs them.
#pragma once
#include "generators/softmax.h"

namespace unet::generators {

inline void softmax_pixel(Softmax &op, Halide::Func consumer, Halide::Var x, int lanes) {
    op.largest.compute_at(consumer, x);
    op.power.compute_at(consumer, x).vectorize(op.c, lanes, Halide::TailStrategy::RoundUp);
    op.total.compute_at(consumer, x);
}

}  // namespace unet::generators
