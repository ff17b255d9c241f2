// conv3x3_filter_grad on GPUs: a thread sums a strip of rows for one output channel, the taps of a row and some input
// channels; another then the strips.
#include "generators/conv3x3_filter_grad.h"
#include "schedules/gpu/bias_grad.h"
#include "schedules/gpu/filter_grad.h"

namespace unet::generators {

namespace {

void filter_threads(Conv3x3FilterGrad &op, const Knobs &knobs) {
    // For each of which a gradient read once serves; the network's own input has few channels, which are not padded.
    const int inputs = op.thin ? 1 : knobs.pixels ? knobs.pixels : 2;
    const Halide::Var ki{"ki"}, kt{"kt"}, place{"place"};

    element_threads(op.d_filter, 3);

    Halide::Func sums = op.strip_sum.in();
    sums.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.i, 3).bound_extent(op.j, 3)
        .split(op.k, op.k, ki, inputs)
        .split(op.k, op.k, kt, op.thin ? 1 : 4, Halide::TailStrategy::GuardWithIf)
        .reorder({op.i, ki, op.ci, op.j, kt, op.k, op.block, op.strip})
        .unroll(op.i).unroll(ki)
        .fuse(op.block, op.strip, place)
        .gpu_blocks(op.k, place).gpu_threads(op.ci, op.j, kt);
    op.strip_sum.compute_at(sums, op.ci).unroll(op.i).unroll(op.k);
    op.strip_sum.update().reorder(op.i, op.k, op.pixels.x, op.pixels.y).unroll(op.i).unroll(op.k);
}

}  // namespace

void schedule(Conv3x3FilterGrad &op, const Halide::Target &, const Knobs &knobs) {
    filter_threads(op, knobs);
    schedule(*op.bias);
}

}  // namespace unet::generators
