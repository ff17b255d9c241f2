// sgd on GPUs.
#include "generators/sgd.h"
#include "schedules/gpu/optimiser.h"

namespace unet::generators {

void schedule(Sgd &op, const Halide::Target &, const Knobs &) { optimiser_threads(op.result); }

}  // namespace unet::generators
