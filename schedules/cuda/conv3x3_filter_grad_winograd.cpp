// conv3x3_filter_grad_winograd on CUDA: a product of matrices for each element (schedules/cuda/winograd_filter_grad.h), chunk after
// chunk; at last a thread per filter transforms the sums back.
#include "generators/conv3x3_filter_grad_winograd.h"
#include "schedules/cuda/winograd_filter_grad.h"
#include "schedules/gpu/bias_grad.h"

namespace unet::generators {

void schedule(Conv3x3FilterGradWinograd &op, const Halide::Target &target, const Knobs &) {
    tap_threads(op, op.d_filter, op.block);
    element_warp_sums(op, target);
    schedule(op.bias);
}

}  // namespace unet::generators
