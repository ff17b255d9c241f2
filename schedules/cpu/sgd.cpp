// sgd on SIMD CPUs.
#include "generators/sgd.h"
#include "schedules/cpu/optimiser.h"

namespace unet::generators {

void schedule(Sgd &op, const Halide::Target &target, const Knobs &) { optimiser_loops(op.result, target); }

}  // namespace unet::generators
