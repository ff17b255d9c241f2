// bias_grad on GPUs: a thread per channel and row, then one per channel.
#pragma once
#include "generators/bias_grad.h"
#include "generators/layout.h"

namespace unet::generators {

inline void schedule(BiasGrad &op) {
    const auto whole = Halide::TailStrategy::RoundUp, guard = Halide::TailStrategy::GuardWithIf;
    const Halide::Var ci{"ci"}, yi{"yi"};
    Halide::Func row_sums = op.row_sum.in();
    row_sums.compute_root()
        .split(op.c, op.c, ci, channel_block, whole)
        .split(op.y, op.y, yi, 4, guard)
        .reorder(ci, yi, op.c, op.y)
        .gpu_blocks(op.c, op.y).gpu_threads(ci, yi);
    op.row_sum.compute_at(row_sums, ci);
    for (Halide::Stage stage : {Halide::Stage(op.result.compute_root()), op.result.update()})
        stage.split(op.c, op.c, ci, channel_block, whole).gpu_blocks(op.c).gpu_threads(ci);
}

}  // namespace unet::generators
