// conv3x3_filter_grad_winograd on GPUs: for the tiles of a chunk, a thread per channel and tile transforms; then each element is a
// product of two matrices, [C, tiles] times [tiles, K], of which a thread sums some values in registers and adds them to those of
// the chunks before. At last a thread per filter transforms the sums back.
#include "generators/conv3x3_filter_grad_winograd.h"
#include "schedules/gpu/bias_grad.h"

namespace unet::generators {

namespace {

using Halide::TailStrategy;
using Halide::Var;

constexpr int points = Conv3x3FilterGradWinograd::m + 2;

// Chunks follow one another: their transforms take the memory of one.
void transform_threads(Halide::Func values, Halide::Func columns, const Conv3x3FilterGradWinograd &op) {
    const Var channel = values.args()[0], block = values.args()[4], ti{"ti"};
    values.compute_at(op.sum, op.chunks)
        .bound(channel, 0, channel_block).bound(op.u, 0, points).bound(op.v, 0, points)
        .split(op.t, op.t, ti, 8, TailStrategy::GuardWithIf)
        .reorder({op.u, op.v, channel, ti, block, op.t, op.chunk})
        .unroll(op.u).unroll(op.v)
        .never_partition_all()
        .gpu_blocks(block, op.t, op.chunk).gpu_threads(channel, ti);
    columns.compute_at(values, channel).unroll(op.i).unroll(op.v);
}

// The loops over filters and elements of a stage of the sum; `outer` around them.
void sum_threads(const Conv3x3FilterGradWinograd &op, Halide::Stage stage, int inputs, const std::vector<Halide::VarOrRVar> &outer) {
    const Var ki{"k_inner"}, kt{"kt"}, element{"element"};
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

}  // namespace

void schedule(Conv3x3FilterGradWinograd &op, const Halide::Target &, const Knobs &knobs) {
    const int inputs = knobs.pixels ? knobs.pixels : 4;  // a thread's; divides 16
    const Var ki{"k_inner"};

    op.d_filter.compute_root()
        .bound(op.ci, 0, channel_block).bound(op.i, 0, 3).bound(op.j, 0, 3)
        .split(op.k, op.k, ki, 4, TailStrategy::GuardWithIf)
        .reorder({op.i, op.j, op.ci, ki, op.k, op.block})
        .unroll(op.i).unroll(op.j)
        .gpu_blocks(op.k, op.block).gpu_threads(op.ci, ki);
    op.taps.compute_at(op.d_filter, op.ci).unroll(op.i).unroll(op.v);

    op.sum.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.u, points).bound_extent(op.v, points);
    sum_threads(op, op.sum, inputs, {});
    sum_threads(op, op.sum.update(), inputs, {op.chunks});
    op.chunk_sum.compute_at(op.sum, op.ci).unroll(op.k);
    op.chunk_sum.update().reorder(op.k, op.tiles).unroll(op.k);

    transform_threads(op.gradients, op.gradient_columns, op);
    transform_threads(op.inputs, op.input_columns, op);
    schedule(*op.bias);
}

}  // namespace unet::generators
