// conv3x3_filter_grad_winograd on GPUs: a product of matrices for each element (schedules/gpu/winograd_filter_grad.h), chunk after
// chunk; at last a thread per filter transforms the sums back.
#include "generators/conv3x3_filter_grad_winograd.h"
#include "schedules/gpu/bias_grad.h"
#include "schedules/gpu/winograd_filter_grad.h"

namespace unet::generators {

void schedule(Conv3x3FilterGradWinograd &op, const Halide::Target &, const Knobs &knobs) {
    const Halide::Var ki{"k_inner"};

    op.d_filter.compute_root()
        .bound(op.ci, 0, channel_block).bound(op.i, 0, 3).bound(op.j, 0, 3)
        .split(op.k, op.k, ki, 4, Halide::TailStrategy::GuardWithIf)
        .reorder({op.i, op.j, op.ci, ki, op.k, op.block})
        .unroll(op.i).unroll(op.j)
        .gpu_blocks(op.k, op.block).gpu_threads(op.ci, ki);
    op.taps.compute_at(op.d_filter, op.ci).unroll(op.i).unroll(op.v);

    element_sums(op, knobs.pixels ? knobs.pixels : 4);
    schedule(op.bias);
}

}  // namespace unet::generators
