// Winograd convolutions on SIMD CPUs: a task transforms the windows of some tiles, then, for one part of the output channels after
// the other, multiplies (a register tile of tiles times channels over all of k) and transforms back. All stays in the cache.
#include "schedules/cpu/winograd_convolution.h"

namespace unet::generators {

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace {

/// Tiles times channels whose products stay in registers, and about how many tiles a task has where filters are small.
///
/// AVX-512  32 registers: 4 vectors x 6 tiles = 24 sums, 4 of the filter, 1 of the values; why not 7 tiles:
///          schedules/profiles/generic.txt
/// AVX2     16 registers: 2 vectors x 6 tiles = 12 sums, 2 of the filter, 1 of the values
/// SSE4.1   16 registers: 4 vectors x 2 tiles = 8 sums
struct ProductTile {
    int lanes, blocks, tiles, task_tiles;

    ProductTile(const Halide::Target &target, const Knobs &knobs)
        : lanes(target.natural_vector_size<float>()), blocks(knobs.blocks ? knobs.blocks : lanes == 16 ? 4 : 1),
          tiles(knobs.pixels ? knobs.pixels : lanes == 16 ? 6 : lanes == 8 ? 6 : 2),
          task_tiles(knobs.rows ? knobs.rows : lanes == 16 ? 18 : 24) {}
};

/// Tiles in a task: a run of their numbers, so that register tiles are whole but for a task's last (with tasks of whole rows, a
/// row of 13 tiles took 18 of registers). Few, so that their transforms stay in the second-level cache; but each task reads all
/// transformed filters again, so 12 more for every 9 MB of them. All tasks are about equally long.
///
/// AVX2, two Zen 3 cores, 2026-11-25: 256 channels at 64 x 64 10.2 ms with 12 tiles, 11.0 with 48; 512 channels at 28 x 28 12.0 and
/// 9.4; all layers of width 32 241 with 12, 222 with 24, 227 with 36.
Expr task_tiles(const WinogradConvolution &op, const ProductTile &tile) {
    const Expr outputs = op.result.output_buffer().dim(0).extent(), count = op.tiles.x.extent();
    const int points = op.winograd.points(), pairs = 65536 * 36 / (points * points);  // of channels, in 9 MB
    const Expr wanted = max(tile.task_tiles, (op.in_channels * outputs + pairs - 1) / pairs * 12);
    const Expr tasks = max(1, (count + wanted / 2) / wanted), each = (count + tasks - 1) / tasks;
    return (each + tile.tiles - 1) / tile.tiles * tile.tiles;
}

/// The transforms of a filter inside the convolution: a row of six or eight elements at a time of the channels in a part, so that
/// 393 KB of 1024 inputs and 16 outputs (m = 4), or 262 KB of 512 (m = 6), lie in the second-level cache. Turned taps are gathered once for all elements.
///
/// 512 channels at 28 x 28 14.1 to 10.5 ms with the transform, backward 16.7 to 11.6; 256 to 512 channels at 30 x 30 9.0 to 7.0, 9.2 to
/// 8.4 (AVX2, two Zen 3 cores, 2026-11-26; with AVX-512 a part has 64 outputs and this is not measured yet). Where the bottom has
/// many tiles, each task transforms again: inference of width 16 at 956 x 956 1 % slower, of widths 32 and 64 as fast or faster.
void filter_loops(WinogradFilter filter, const WinogradConvolution &op, int lanes, const Var &block) {
    const int points = op.winograd.points();
    filter.result.compute_at(op.products, op.v)
        .bound_extent(filter.ci, channel_block).bound_extent(filter.u, points)
        .reorder(filter.ci, filter.u, filter.k, filter.block, filter.v)
        .vectorize(filter.ci, lanes).unroll(filter.ci).unroll(filter.u);
    filter.columns.compute_at(filter.result, filter.k).vectorize(filter.ci, lanes).unroll(filter.ci).unroll(filter.i);
    if (!filter.turned) return;
    filter.taps.compute_at(op.result, block)
        .bound_extent(filter.ci, channel_block)
        .reorder_storage(filter.ci, filter.i, filter.j, filter.k, filter.block)
        .reorder(filter.ci, filter.i, filter.j, filter.k, filter.block)
        .vectorize(filter.ci, lanes).unroll(filter.ci);
}

/// One input's part of the products of a register tile. Sums of blocks stay in registers, their own sum is added to in memory.
void sum_loops(WinogradConvolution &op, size_t input, int lanes) {
    const auto loops = [&](Halide::Stage sum, const Halide::RDom &over) {
        return sum.reorder(op.c, op.t, over).vectorize(op.c, lanes).unroll(op.c).unroll(op.t);
    };
    const Halide::Stage sum = op.sum.update(int(input));
    if (!op.in_blocks()) {
        loops(sum, op.r[input]).unroll(op.r[input], 2);
        return;
    }
    Func &block_sum = op.block_sums[input];
    loops(sum, op.blocks[input]);
    loops(block_sum.update(), op.r[input]).unroll(op.r[input], 2);
    block_sum.compute_at(op.sum, op.blocks[input]).vectorize(op.c, lanes).unroll(op.c).unroll(op.t);
}

/// A filter that is transformed already: one column of elements after the other, whose products are transformed along y while they
/// are in the first-level cache, and take 4 or 6 values per tile to the second one instead of 6 or 8.
///
/// 32 and 64 channels at 568 x 568 1 to 10 % faster, 64 and 128 at 282 x 282 4 to 7 %, 256 and more at 64 x 64 0 to 5 % slower (two Zen
/// 5 cores, 2026-11-27). Elements of transforms lie in this order, too, or else these layers are 3 to 9 % slower.
void column_loops(WinogradConvolution &op, const ProductTile &tile, const Var &block) {
    op.rows.compute_at(op.result, block)
        .reorder_storage(op.c, op.j, op.u, op.t, op.n)
        .bound_extent(op.j, op.winograd.outputs()).bound_extent(op.u, op.winograd.points())
        .reorder(op.j, op.c, op.t, op.u, op.n)
        .vectorize(op.c, tile.lanes).unroll(op.j);
    op.products.compute_at(op.rows, op.u).reorder_storage(op.c, op.v, op.t, op.u, op.n);
}

/// One that the kernel transforms, row by row: so are its products.
void row_loops(WinogradConvolution &op, const ProductTile &tile, const Var &block, const Var &vector) {
    op.rows.compute_at(op.result, vector).vectorize(op.c, tile.lanes).reorder(op.c, op.j, op.u).unroll(op.j);
    op.products.compute_at(op.result, block).reorder_storage(op.c, op.u, op.v, op.t, op.n);
}

/// The transforms of an input's windows. Pixels are read column by column, all channels of one after the other, as they lie in memory.
/// With 16 channels of all 36 pixels first, a window from memory took twice as long (393 cycles for 16 channels, now 194; from the
/// cache 92 and 84), and layers of 64 channels and more took 3 to 12 % more time (widths 32 and 64, two Zen 5 cores, 2026-11-28).
void window_loops(WinogradConvolution &op, size_t input, int lanes, bool by_columns, const Halide::RVar &task) {
    const int points = op.winograd.points();
    const Var vector{"vector"};
    op.values[input].compute_at(op.result, task)
        .reorder_storage({op.k, by_columns ? op.v : op.u, by_columns ? op.u : op.v, op.t, op.n})
        .bound(op.u, 0, points).bound(op.v, 0, points)
        .reorder(op.u, op.v, op.k, op.t, op.n)
        .vectorize(op.k, lanes, TailStrategy::RoundUp).unroll(op.u);
    op.columns[input].compute_at(op.values[input], op.t).hoist_storage(op.result, task)
        .split(op.k, vector, op.k, lanes, TailStrategy::RoundUp)
        .reorder(op.k, op.v, vector, op.i)
        .vectorize(op.k).unroll(op.v);
}

}  // namespace

void winograd_loops(WinogradConvolution &op, const Halide::Target &target, const Knobs &knobs) {
    const ProductTile tile(target, knobs);
    const int m = op.winograd.outputs();
    const Var block{"block"}, ci{"ci"}, vector{"vector"}, to{"to"}, ti{"ti"}, co{"co"};
    const Halide::RVar task{"task"}, local{"local"};

    const auto loops = [&](Halide::Stage result, int blocks) {
        result.allow_race_conditions()  // each tile is written once
            .split(op.c, block, ci, channel_block * blocks, TailStrategy::RoundUp)
            .split(ci, vector, ci, tile.lanes)
            .split(op.tiles, task, local, task_tiles(op, tile), TailStrategy::GuardWithIf)
            .reorder(ci, op.i, op.j, vector, local, block, op.n, task)
            .vectorize(ci).unroll(op.i)
            .never_partition_all()
            .parallel(block).parallel(task);
    };
    op.result.compute_root().bound(op.i, 0, m).bound(op.j, 0, m);
    const Expr channels = op.result.output_buffer().dim(0).extent();
    // Where a register tile has one block of channels, few channels are one part nevertheless, which reads the transforms once: 32 or
    // 64 at 568 x 568 in 6 to 10 % less time, at 284 x 284 in the same (two Zen 3 cores, 2026-11-26).
    const bool one_block = tile.blocks == 1;
    for (int blocks = 4; one_block && blocks > 1; blocks /= 2)
        loops(op.result.update().specialize(channels == channel_block * blocks), blocks);
    for (int blocks = tile.blocks; blocks > 1; blocks /= 2)
        loops(op.result.update().specialize(channels % (channel_block * blocks) == 0), blocks);
    loops(op.result.update(), 1);

    // One loop of each transform is not unrolled: what lies between its two passes is then an array, for which LLVM aligns the stack.
    // Else values that leave the registers cross cache lines, and are read back only when all stores before them are done: 8 to 20 %
    // more time for a layer, the most backward (two Zen 3 cores, 2026-11-26; Halide issue 5598).
    //
    // Transforms are stored tile by tile: element by element, the elements of a tile would lie a large power of two or few times that
    // apart and push each other out of the cache (two Zen 3 cores, 2026-11-25, 32 channels at 568 x 568: 23.7 ms, now 20.3).
    op.tile.compute_at(op.result, op.j).vectorize(op.c, tile.lanes).unroll(op.i);
    const bool by_columns = op.filters.empty();
    if (by_columns) column_loops(op, tile, block);
    else row_loops(op, tile, block, vector);
    op.products
        .split(op.t, to, ti, tile.tiles, TailStrategy::RoundUp)
        .reorder(op.c, ti, to, op.u, op.v, op.n);
    if (one_block) op.products.split(op.c, co, op.c, channel_block).reorder(op.c, ti, to, co);
    // So that each row of a filter's transform is code of its own, not the choice of one of all rows: kernels of the bottom 5 to 15 %
    // faster, with AVX2 14 to 18 (widths 32 and 64, two Zen 5 cores, 2026-11-27).
    if (!by_columns) op.products.unroll(op.v);
    op.products.vectorize(op.c, tile.lanes).unroll(op.c).unroll(ti);
    for (const WinogradFilter &filter : op.filters) filter_loops(filter, op, tile.lanes, block);
    op.sum.compute_at(op.products, to).vectorize(op.c, tile.lanes).unroll(op.c).unroll(op.t);
    for (size_t input = 0; input < op.values.size(); input++) {
        sum_loops(op, input, tile.lanes);
        window_loops(op, input, tile.lanes, by_columns, task);
    }
}

}  // namespace unet::generators
