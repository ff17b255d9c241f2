// conv3x3_filter_grad_winograd on SIMD CPUs: the windows of the tiles are transformed, then each of the 36 elements is a product
// of two matrices, [C, tiles] times [tiles, K], whose register tile runs over a chunk.
//
// Many tiles  chunk by chunk, elements in parallel; the sums of all filters wait in memory.
// Few tiles   all transforms at once, then filters in parallel: their sums never leave the cache. 512 to 512 channels at
//             28 x 28: 15.4 to 9.2 ms, 256 to 256 at 52 x 52: 8.7 to 8.1 ms, at 64 x 64 nothing (Zen 3, 2026-11-26).
#include "generators/conv3x3_filter_grad_winograd.h"
#include "schedules/cpu/bias_grad.h"
#include "schedules/cpu/filter_sum_tile.h"

namespace unet::generators {

using Halide::TailStrategy;
using Halide::Var;

namespace {

constexpr int points = Conv3x3FilterGradWinograd::m + 2;

// Some tiles per task.
void transform_loops(Halide::Func values, Halide::Func columns, const Conv3x3FilterGradWinograd &op, int lanes) {
    const Var task{"task"}, ti{"ti"};
    values.split(op.t, task, ti, op.few_tiles ? 4 : 16, TailStrategy::GuardWithIf);
    if (op.few_tiles) values.compute_root();
    else values.compute_at(op.sum, op.chunks);
    filter_window_loops(op, values, columns, {ti, task, op.chunk}, lanes);
    values.parallel(task);
}

// The register tiles of an update of the sum.
void sum_loops(const Conv3x3FilterGradWinograd &op, Halide::Stage update, const FilterSumTile &tile, int blocks) {
    filter_sum_loops(op, update, tile, blocks);
    if (!op.few_tiles) {
        const Var point{"point"};
        update.fuse(op.u, op.v, point).parallel(point);
    }
}

void many_tiles_loops(Conv3x3FilterGradWinograd &op) {
    const Var task{"task"};
    op.d_filter.reorder(op.ci, op.i, op.j, op.k, op.block)
        .fuse(op.k, op.block, task).parallel(task, 64, TailStrategy::GuardWithIf);
    op.sum.compute_root().parallel(op.block);
}

// 32 inputs and the outputs of a register tile a task: 74 or 147 KB of sums.
void few_tiles_loops(Conv3x3FilterGradWinograd &op, const FilterSumTile &tile) {
    const Var ko{"k_task"}, ki{"k_of_task"}, bo{"block_task"}, bi{"block_of_task"}, task{"task"};
    op.d_filter.split(op.k, ko, ki, 2 * channel_block, TailStrategy::GuardWithIf)
        .split(op.block, bo, bi, tile.blocks, TailStrategy::GuardWithIf)
        .reorder(op.ci, op.i, op.j, ki, bi, ko, bo)
        .fuse(ko, bo, task).parallel(task);
    op.sum.compute_at(op.d_filter, task);
}

}  // namespace

void schedule(Conv3x3FilterGradWinograd &op, const Halide::Target &target, const Knobs &knobs) {
    const FilterSumTile tile(target, knobs);

    op.d_filter.compute_root()
        .bound(op.ci, 0, channel_block).bound(op.i, 0, 3).bound(op.j, 0, 3)
        .vectorize(op.ci, tile.lanes).unroll(op.i).unroll(op.j);
    op.taps.compute_at(op.d_filter, op.ci).vectorize(op.ci, tile.lanes).unroll(op.i).unroll(op.v);

    // The elements of a filter side by side, as d_filter reads them: from planes a power of two apart, it took 5 ms of 15.
    op.sum.reorder_storage(op.ci, op.u, op.v, op.k, op.block)
        .bound_extent(op.ci, channel_block).bound_extent(op.u, points).bound_extent(op.v, points)
        .vectorize(op.ci, tile.lanes);
    if (op.few_tiles) few_tiles_loops(op, tile);
    else many_tiles_loops(op);
    const Halide::Expr blocks_of_channels = op.d_filter.output_buffer().dim(4).extent();
    for (int blocks = tile.blocks; blocks > 1; blocks /= 2)
        sum_loops(op, op.sum.update().specialize(blocks_of_channels % blocks == 0), tile, blocks);
    sum_loops(op, op.sum.update(), tile, 1);

    chunk_sum_loops(op, tile);

    transform_loops(op.gradients, op.gradient_columns, op, tile.lanes);
    transform_loops(op.inputs, op.input_columns, op, tile.lanes);
    schedule(op.bias, tile.lanes);
}

}  // namespace unet::generators
