// dropout on SIMD CPUs: bound by memory; vectors of channels, rows in parallel.
#include "generators/dropout.h"
#include "schedules/cpu/pixelwise.h"

namespace unet::generators {

void schedule(Dropout &op, const Halide::Target &target, const Knobs &knobs) {
    pixelwise_loops(op.result, target.natural_vector_size<float>(), knobs);
}

}  // namespace unet::generators
