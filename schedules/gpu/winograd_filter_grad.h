// What the schedules of Winograd's filter gradients share on GPUs: for the tiles of a chunk, a thread per channel and tile transforms;
// then each element is a product of two matrices, [C, tiles] times [tiles, K], of which a thread sums some values in registers and
// adds them to those of the chunks before.
#pragma once
#include "generators/layout.h"
#include "generators/winograd.h"

namespace unet::generators {

constexpr int gradient_points = 6;  // of F(4x4, 3x3)

/// Chunks follow one another: their transforms take the memory of one.
template<class Op>
void transform_threads(Halide::Func values, Halide::Func columns, const Op &op) {
    const Halide::Var channel = values.args()[0], block = values.args()[4], ti{"ti"};
    values.compute_at(op.sum, op.chunks)
        .bound(channel, 0, channel_block).bound(op.u, 0, gradient_points).bound(op.v, 0, gradient_points)
        .split(op.t, op.t, ti, 8, Halide::TailStrategy::GuardWithIf)
        .reorder({op.u, op.v, channel, ti, block, op.t, op.chunk})
        .unroll(op.u).unroll(op.v)
        .never_partition_all()
        .gpu_blocks(block, op.t, op.chunk).gpu_threads(channel, ti);
    columns.compute_at(values, channel).unroll(op.i).unroll(op.v);
}

/// The loops over filters and elements of a stage of the sum; `outer` around them. `inputs`: a thread's; divides 16.
template<class Op>
void sum_threads(const Op &op, Halide::Stage stage, int inputs, const std::vector<Halide::VarOrRVar> &outer) {
    const Halide::Var ki{"k_inner"}, kt{"kt"}, element{"element"};
    std::vector<Halide::VarOrRVar> order{ki, op.ci, kt, op.k, op.block, element};
    order.insert(order.end(), outer.begin(), outer.end());
    stage.split(op.k, op.k, ki, inputs)
        .split(op.k, op.k, kt, channel_block / inputs)
        .fuse(op.u, op.v, element)
        .reorder(order)
        .unroll(ki)
        .never_partition_all()
        .gpu_blocks(op.k, op.block, element).gpu_threads(op.ci, kt);
}

/// `result`(ci, i, j, k, block or `place`), the taps that sums are transformed back to: a thread per filter.
template<class Op>
void tap_threads(const Op &op, Halide::Func result, Halide::Var place) {
    const Halide::Var ki{"k_inner"};
    Halide::Func taps = op.taps;
    result.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.i, 3).bound_extent(op.j, 3)
        .split(op.k, op.k, ki, 4, Halide::TailStrategy::GuardWithIf)
        .reorder({op.i, op.j, op.ci, ki, op.k, place})
        .unroll(op.i).unroll(op.j)
        .gpu_blocks(op.k, place).gpu_threads(op.ci, ki);
    taps.compute_at(result, op.ci).unroll(op.i).unroll(op.v);
}

/// The sum of all chunks, and what goes into it.
template<class Op>
void element_sums(const Op &op, int inputs) {
    Halide::Func sum = op.sum, chunk_sum = op.chunk_sum;
    sum.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.u, gradient_points).bound_extent(op.v, gradient_points);
    sum_threads(op, sum, inputs, {});
    sum_threads(op, sum.update(), inputs, {op.chunks});
    chunk_sum.compute_at(op.sum, op.ci).unroll(op.k);
    chunk_sum.update().reorder(op.k, op.tiles).unroll(op.k);
    transform_threads(op.gradients, op.gradient_columns, op);
    transform_threads(op.inputs, op.input_columns, op);
}

}  // namespace unet::generators
