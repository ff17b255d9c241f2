// average_pool2x2 on SIMD CPUs: bound by memory; vectors of channels, rows in parallel.
#include "generators/average_pool2x2.h"
#include "schedules/cpu/pixelwise.h"

namespace unet::generators {

void schedule(AveragePool2x2 &op, const Halide::Target &target, const Knobs &knobs) {
    pixelwise_loops(op.result, target.natural_vector_size<float>(), knobs);
}

}  // namespace unet::generators
