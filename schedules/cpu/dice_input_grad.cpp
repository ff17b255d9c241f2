// dice_input_grad on SIMD CPUs: rows in parallel, classes in vectors.
#include "generators/dice_input_grad.h"
#include "schedules/cpu/softmax.h"

namespace unet::generators {

void schedule(DiceInputGrad &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    kept_softmax(op.softmax, lanes);
    op.mean.compute_root().parallel(op.y);
    op.mean.update().reorder(op.softmax.r, op.x, op.y, op.n).parallel(op.y);
    op.d_in.compute_root().vectorize(op.c, lanes, Halide::TailStrategy::RoundUp).parallel(op.y);
}

}  // namespace unet::generators
