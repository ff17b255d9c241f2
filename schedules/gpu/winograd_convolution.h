// The loop nest all Winograd convolutions share on GPUs.
#pragma once
#include "generators/winograd_convolution.h"
#include "schedules/gpu/winograd_filter.h"
#include "schedules/gpu/winograd_result.h"

namespace unet::generators {

/// What threads of the three kernels of a convolution compute.
///
/// transform  a thread per channel and tile
/// products   for each element a product of two matrices, [C, K] times [K, tiles], of which a thread computes `channels` x
///            `tiles` values in registers
/// result     a thread per channel and tile
struct WinogradThreads {
    int channels = 4, tiles, task_tiles;

    explicit WinogradThreads(const Knobs &knobs)
        : tiles(knobs.pixels ? knobs.pixels : 4), task_tiles(knobs.rows ? knobs.rows : 2048) {}
};

/// One input's part of the products of a thread.
inline void winograd_sum_threads(WinogradConvolution &op, size_t input) {
    const auto loops = [&](Halide::Stage sum, const Halide::RDom &over) {
        sum.reorder(op.c, op.t, over).unroll(op.c).unroll(op.t);
    };
    if (!op.in_blocks()) return loops(op.sum.update(int(input)), op.r[input]);
    Halide::Func &block_sum = op.block_sums[input];
    loops(op.sum.update(int(input)), op.blocks[input]);
    loops(block_sum.update(), op.r[input]);
    block_sum.compute_at(op.sum, op.blocks[input]).unroll(op.c).unroll(op.t);
}

/// Tasks of tiles follow one another, so that what the kernels leave each other takes bounded memory: 19 MB of 64 channels with 2048
/// tiles of 4 x 4, and as much for the products.
inline void winograd_threads(WinogradConvolution &op, const Knobs &knobs) {
    using Halide::TailStrategy;
    const WinogradThreads thread(knobs);
    const int points = op.winograd.points();
    const Halide::Var block{"block"}, ci{"ci"}, cu{"cu"}, to{"to"}, ti{"ti"}, tt{"tt"}, element{"element"};
    const Halide::RVar task{"task"};

    winograd_result_threads(op, task, thread.task_tiles);

    op.products.compute_at(op.result, task)
        .bound(op.u, 0, points).bound(op.v, 0, points)
        .split(op.c, block, ci, channel_block, TailStrategy::RoundUp)
        .split(ci, ci, cu, thread.channels)
        .split(op.t, to, ti, thread.tiles, TailStrategy::RoundUp)
        .split(to, to, tt, 16, TailStrategy::GuardWithIf)
        .reorder({cu, ti, ci, tt, block, to, op.u, op.v, op.n})
        .unroll(cu).unroll(ti)
        .never_partition_all()
        .fuse(op.u, op.v, element).fuse(element, op.n, element)
        .gpu_blocks(block, to, element).gpu_threads(ci, tt);
    op.sum.compute_at(op.products, ci).unroll(op.c).unroll(op.t);

    for (WinogradFilter &filter : op.filters) winograd_filter_threads(filter);
    for (size_t input = 0; input < op.values.size(); input++) {
        winograd_sum_threads(op, input);
        op.values[input].compute_at(op.result, task)
            .bound(op.u, 0, points).bound(op.v, 0, points)
            .split(op.k, block, ci, channel_block, TailStrategy::RoundUp)
            .split(op.t, to, ti, 8, TailStrategy::GuardWithIf)
            .reorder({op.u, op.v, ci, ti, block, to, op.n})
            .unroll(op.u).unroll(op.v)
            .never_partition_all()
            .gpu_blocks(block, to, op.n).gpu_threads(ci, ti);
        op.columns[input].compute_at(op.values[input], ci).unroll(op.i).unroll(op.v);
    }
}

}  // namespace unet::generators
