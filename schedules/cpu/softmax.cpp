// softmax on SIMD CPUs: pixel by pixel; the channels of one are a few vectors.
#include "generators/softmax.h"
#include "schedules/cpu/pixelwise.h"
#include "schedules/cpu/softmax_pixel.h"

namespace unet::generators {

void schedule(Softmax &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    pixelwise_loops(op.result, lanes);
    softmax_pixel(op, op.result, op.x, lanes);
}

}  // namespace unet::generators
