// axpby on GPUs.
#include "generators/axpby.h"
#include "schedules/gpu/optimiser.h"

namespace unet::generators {

void schedule(Axpby &op, const Halide::Target &, const Knobs &) { optimiser_threads(op.result); }

}  // namespace unet::generators
