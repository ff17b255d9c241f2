// conv3x3_pair_winograd on CUDA.
#include "generators/conv3x3_pair_winograd.h"
#include "schedules/cuda/winograd_convolution.h"

namespace unet::generators {

void schedule(Conv3x3PairWinograd &op, const Halide::Target &target, const Knobs &knobs) { winograd_threads(op, target, knobs); }

}  // namespace unet::generators
