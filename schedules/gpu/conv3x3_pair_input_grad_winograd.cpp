// conv3x3_pair_input_grad_winograd on GPUs.
#include "generators/conv3x3_pair_input_grad_winograd.h"
#include "schedules/gpu/winograd_convolution.h"

namespace unet::generators {

void schedule(Conv3x3PairInputGradWinograd &op, const Halide::Target &, const Knobs &knobs) { winograd_threads(op, knobs); }

}  // namespace unet::generators
