// max_pool2x2_input_grad on SIMD CPUs: bound by memory; vectors of channels, rows in parallel.
#include "generators/max_pool2x2_input_grad.h"
#include "schedules/cpu/pixelwise.h"

namespace unet::generators {

void schedule(MaxPool2x2InputGrad &op, const Halide::Target &target, const Knobs &knobs) {
    pixelwise_loops(op.result, target.natural_vector_size<float>(), knobs);
}

}  // namespace unet::generators
