// bias_grad on SIMD CPUs: rows in parallel, vectors of channels.
#pragma once
#include "generators/bias_grad.h"

namespace unet::generators {

inline void schedule(BiasGrad &op, int lanes) {
    const auto whole = Halide::TailStrategy::RoundUp;
    op.row_sum.compute_root().parallel(op.y).vectorize(op.c, lanes, whole);
    op.row_sum.update().reorder(op.c, op.row, op.y).vectorize(op.c, lanes, whole).parallel(op.y);
    op.result.compute_root().vectorize(op.c, lanes, whole);
    op.result.update().vectorize(op.c, lanes, whole);
}

}  // namespace unet::generators
