// adam on GPUs.
#include "generators/adam.h"
#include "schedules/gpu/optimiser.h"

namespace unet::generators {

void schedule(Adam &op, const Halide::Target &, const Knobs &) { optimiser_threads(op.result); }

}  // namespace unet::generators
