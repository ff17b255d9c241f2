// axpby on SIMD CPUs.
#include "generators/axpby.h"
#include "schedules/cpu/optimiser.h"

namespace unet::generators {

void schedule(Axpby &op, const Halide::Target &target, const Knobs &) { optimiser_loops(op.result, target); }

}  // namespace unet::generators
