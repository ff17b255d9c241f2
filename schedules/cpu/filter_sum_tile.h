// The register tile of Winograd's filter gradients on SIMD CPUs: sums over the tiles of a chunk stay in registers.
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

}  // namespace unet::generators
