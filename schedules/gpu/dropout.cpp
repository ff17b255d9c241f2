// dropout on GPUs: bound by memory; a thread per channel and pixel.
#include "generators/dropout.h"
#include "schedules/gpu/pixelwise.h"

namespace unet::generators {

void schedule(Dropout &op, const Halide::Target &, const Knobs &) { pixelwise_threads(op.result); }

}  // namespace unet::generators
