// The last kernel of all Winograd convolutions on GPUs.
#pragma once
#include "generators/winograd_convolution.h"

namespace unet::generators {

/// The result, a thread per channel and tile, `tiles` at a time: these tasks follow one another in the loop `task`, so that what the
/// kernels leave each other takes bounded memory.
inline void winograd_result_threads(WinogradConvolution &op, Halide::RVar task, int tiles) {
    using Halide::TailStrategy;
    const int m = op.winograd.outputs();
    const Halide::Var block{"block"}, ci{"ci"};
    const Halide::RVar local{"local"}, inner{"inner"};

    // The first stage writes nothing. With its loops on the host, Halide would yet look for the result there.
    op.result.compute_root().bound(op.i, 0, m).bound(op.j, 0, m)
        .split(op.c, block, ci, channel_block, TailStrategy::RoundUp)
        .gpu_blocks(block).gpu_threads(ci);
    op.result.update()
        .allow_race_conditions()  // each tile is written once
        .split(op.c, block, ci, channel_block, TailStrategy::RoundUp)
        .split(op.tiles, task, local, tiles, TailStrategy::GuardWithIf)
        .split(local, local, inner, 8, TailStrategy::GuardWithIf)
        .reorder({op.i, op.j, ci, inner, block, local, op.n, task})
        .unroll(op.i).unroll(op.j)
        .never_partition_all()  // or else there are three times as many kernels
        .gpu_blocks(block, local, op.n).gpu_threads(ci, inner);
    op.rows.compute_at(op.result, ci).unroll(op.j).unroll(op.u);
}

}  // namespace unet::generators
