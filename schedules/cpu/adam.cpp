// adam on SIMD CPUs.
#include "generators/adam.h"
#include "schedules/cpu/optimiser.h"

namespace unet::generators {

void schedule(Adam &op, const Halide::Target &target, const Knobs &) { optimiser_loops(op.result, target); }

}  // namespace unet::generators
