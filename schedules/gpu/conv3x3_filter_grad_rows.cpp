// conv3x3_filter_grad_rows on GPUs: the sums of a row of tiles as those of an image (schedules/gpu/winograd_filter_grad.h), row after
// row; then a thread per filter and row transforms them back, and another adds the rows.
#include "generators/conv3x3_filter_grad_rows.h"
#include "schedules/gpu/bias_grad.h"
#include "schedules/gpu/filter_grad.h"
#include "schedules/gpu/winograd_filter_grad.h"

namespace unet::generators {

void schedule(Conv3x3FilterGradRows &op, const Halide::Target &, const Knobs &knobs) {
    const Halide::Var ki{"k_inner"}, place{"place"};

    element_threads(op.d_filter, 3);

    op.row_taps.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.i, 3).bound_extent(op.j, 3)
        .split(op.k, op.k, ki, 4, Halide::TailStrategy::GuardWithIf)
        .reorder({op.i, op.j, op.ci, ki, op.k, op.block, op.ty})
        .unroll(op.i).unroll(op.j)
        .fuse(op.block, op.ty, place)
        .gpu_blocks(op.k, place).gpu_threads(op.ci, ki);
    op.taps.compute_at(op.row_taps, op.ci).unroll(op.i).unroll(op.v);

    element_sums(op, knobs.pixels ? knobs.pixels : 4);
    schedule(op.bias);
}

}  // namespace unet::generators
