// dice_input_grad on SIMD CPUs: rows in parallel, classes in vectors.
#include "generators/dice_input_grad.h"
#include "schedules/cpu/softmax.h"

namespace unet::generators {

void schedule(DiceInputGrad &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    kept_softmax(op.softmax, lanes);
    pixel_loops(op.mean.compute_root(), op.x, op.y, lanes);
    pixel_loops(op.mean.update().reorder(op.x, op.softmax.r, op.y, op.n), op.x, op.y, lanes);
    op.d_in.compute_root().vectorize(op.c, lanes, Halide::TailStrategy::RoundUp).parallel(op.y);
}

}  // namespace unet::generators
