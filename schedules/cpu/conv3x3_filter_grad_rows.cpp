// conv3x3_filter_grad_rows on SIMD CPUs: a task has the tiles of one row and 32 output channels; windows of a chunk are transformed,
// then each of the 36 elements is a product of two matrices, [C, tiles] times [tiles, K], all in the second-level cache.
#include "generators/conv3x3_filter_grad_rows.h"
#include "schedules/cpu/bias_grad.h"
#include "schedules/cpu/filter_sum_tile.h"

namespace unet::generators {

using Halide::TailStrategy;
using Halide::Var;

namespace {

constexpr int row_points = Conv3x3FilterGradRows::m + 2;

void row_transform_loops(Halide::Func values, Halide::Func columns, const Conv3x3FilterGradRows &op, int lanes) {
    values.compute_at(op.sum, op.chunks);
    filter_window_loops(op, values, columns, {op.t}, lanes);
}

}  // namespace

void schedule(Conv3x3FilterGradRows &op, const Halide::Target &target, const Knobs &knobs) {
    const FilterSumTile tile(target, knobs);
    const Var group{"group"}, bi{"block_of_group"}, task{"task"};

    op.d_filter.compute_root().bound(op.ci, 0, channel_block).bound(op.i, 0, 3).bound(op.j, 0, 3).vectorize(op.ci, tile.lanes);
    op.d_filter.update()
        .reorder(op.ci, op.i, op.j, op.tile_rows, op.k, op.block)
        .vectorize(op.ci, tile.lanes).unroll(op.i).unroll(op.j)
        .fuse(op.k, op.block, task).parallel(task, 64, TailStrategy::GuardWithIf);

    const auto tasks = [&](Halide::Stage row_taps, int blocks) {
        row_taps.split(op.block, group, bi, blocks)
            .reorder({op.ci, op.i, op.j, op.k, bi, group, op.ty})
            .vectorize(op.ci, tile.lanes).unroll(op.i).unroll(op.j)
            .fuse(group, op.ty, task).parallel(task);
    };
    op.row_taps.compute_root().bound_extent(op.ci, channel_block).bound_extent(op.i, 3).bound_extent(op.j, 3);
    const Halide::Expr blocks_of_channels = op.d_filter.output_buffer().dim(4).extent();
    tasks(op.row_taps.specialize(blocks_of_channels % 2 == 0), 2);
    tasks(op.row_taps, 1);
    op.taps.compute_at(op.row_taps, op.ci).vectorize(op.ci, tile.lanes).unroll(op.i).unroll(op.v);

    // The elements of a filter side by side, as row_taps reads them.
    op.sum.compute_at(op.row_taps, task)
        .reorder_storage(op.ci, op.u, op.v, op.k, op.block, op.ty)
        .bound_extent(op.ci, channel_block).bound_extent(op.u, row_points).bound_extent(op.v, row_points)
        .vectorize(op.ci, tile.lanes);
    if (tile.blocks > 1) filter_sum_loops(op, op.sum.update().specialize(blocks_of_channels % 2 == 0), tile, 2);
    filter_sum_loops(op, op.sum.update(), tile, 1);
    chunk_sum_loops(op, tile);

    row_transform_loops(op.gradients, op.gradient_columns, op, tile.lanes);
    row_transform_loops(op.inputs, op.input_columns, op, tile.lanes);

    schedule(op.bias, tile.lanes);
}

}  // namespace unet::generators
