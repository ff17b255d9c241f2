// conv3x3_filter_grad_rows on CUDA: the sums of a row of tiles as those of an image (schedules/cuda/winograd_filter_grad.h), row after
// row; then a thread per filter and row transforms them back, and another adds the rows.
#include "generators/conv3x3_filter_grad_rows.h"
#include "schedules/cuda/winograd_filter_grad.h"
#include "schedules/gpu/bias_grad.h"
#include "schedules/gpu/filter_grad.h"

namespace unet::generators {

void schedule(Conv3x3FilterGradRows &op, const Halide::Target &target, const Knobs &) {
    const Halide::Var place{"place"};

    element_threads(op.d_filter, 3);
    op.row_taps.fuse(op.block, op.ty, place);
    tap_threads(op, op.row_taps, place);
    element_warp_sums(op, target);
    schedule(op.bias);
}

}  // namespace unet::generators
