// conv3x3_filter_grad_winograd on GPUs: a product of matrices for each element (schedules/gpu/winograd_filter_grad.h), chunk after
// chunk; at last a thread per filter transforms the sums back.
#include "generators/conv3x3_filter_grad_winograd.h"
#include "schedules/gpu/bias_grad.h"
#include "schedules/gpu/winograd_filter_grad.h"

namespace unet::generators {

void schedule(Conv3x3FilterGradWinograd &op, const Halide::Target &, const Knobs &knobs) {
    tap_threads(op, op.d_filter, op.block);
    element_sums(op, knobs.pixels ? knobs.pixels : 4);
    schedule(op.bias);
}

}  // namespace unet::generators
