// max_pool2x2_input_grad on GPUs: bound by memory; a thread per channel and pixel.
#include "generators/max_pool2x2_input_grad.h"
#include "schedules/gpu/pixelwise.h"

namespace unet::generators {

void schedule(MaxPool2x2InputGrad &op, const Halide::Target &, const Knobs &knobs) { pixelwise_threads(op.result, knobs); }

}  // namespace unet::generators
