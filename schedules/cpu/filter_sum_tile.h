// What Winograd's filter gradients share on SIMD CPUs: how windows are transformed, and the register tile in which sums over the tiles
// of a chunk stay.
#pragma once
#include "generators/knobs.h"
#include "generators/winograd_tile_sums.h"

namespace unet::generators {

/// AVX-512  32 registers: 2 vectors x 8 inputs = 16 sums
/// AVX2     16 registers: 2 vectors x 4 inputs = 8 sums, 2 of the gradient, 1 of the input
/// SSE4.1   16 registers: 4 vectors x 2 inputs = 8 sums
struct FilterSumTile {
    int lanes, blocks, inputs;

    FilterSumTile(const Halide::Target &target, const Knobs &knobs)
        : lanes(target.natural_vector_size<float>()), blocks(knobs.blocks ? knobs.blocks : lanes == 16 ? 2 : 1),
          inputs(knobs.pixels ? knobs.pixels : lanes == 16 ? 8 : lanes == 8 ? 4 : 2) {}
};

/// The register tiles of an update of `op.sum`, element after element; chunks around them.
template<class Op>
void filter_sum_loops(const Op &op, Halide::Stage update, const FilterSumTile &tile, int blocks) {
    const Halide::Var ko{"ko"}, kt{"kt"}, bo{"bo"}, bi{"bi"};
    update.split(op.block, bo, bi, blocks)
        .split(op.k, ko, kt, tile.inputs)
        .reorder(op.ci, bi, kt, ko, bo, op.u, op.v, op.chunks)
        .vectorize(op.ci, tile.lanes).unroll(op.ci).unroll(bi).unroll(kt);
}

/// Of a register tile, in it.
template<class Op>
void chunk_sum_loops(Op &op, const FilterSumTile &tile) {
    op.chunk_sum.compute_at(op.sum, Halide::Var("ko")).vectorize(op.ci, tile.lanes).unroll(op.ci).unroll(op.k).unroll(op.block);
    op.chunk_sum.update()
        .reorder(op.ci, op.block, op.k, op.tiles)
        .vectorize(op.ci, tile.lanes).unroll(op.ci).unroll(op.k).unroll(op.block);
}

/// The loops of a transform, `values` from `columns`; `tiles`: those over tiles, the innermost first. Pixels are read as they lie in
/// memory, all channels of one after the other. Why, and why one loop of each is not unrolled: schedules/cpu/winograd_convolution.cpp.
///
/// 64 channels by rows 10 % faster than 16 channels of a window after the other (two Zen 5 cores, 2026-11-27); 128 at 136 x 136
/// 4.6 to 3.8 ms, the transforms, by one thread, 3.1 to 1.6 (2026-11-28).
template<class Op>
void filter_window_loops(const Op &op, Halide::Func values, Halide::Func columns, const std::vector<Halide::Var> &tiles, int lanes) {
    constexpr int points = Op::m + 2;
    const Halide::Var channel = values.args()[0], block = values.args()[4], part = columns.args()[4], vector{"vector"};
    std::vector<Halide::VarOrRVar> order{channel, op.u, op.v, vector, block};
    order.insert(order.end(), tiles.begin(), tiles.end());
    values.bound(channel, 0, channel_block).bound(op.u, 0, points).bound(op.v, 0, points)
        .split(channel, vector, channel, lanes)
        .reorder(order)
        .vectorize(channel).unroll(op.u);
    columns.compute_at(values, tiles.front())
        .split(channel, vector, channel, lanes)
        .reorder(channel, op.v, vector, part, op.i)
        .vectorize(channel).unroll(op.v);
}

}  // namespace unet::generators
