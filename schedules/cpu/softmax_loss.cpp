// softmax_loss on SIMD CPUs: rows in parallel; what has one value a pixel in vectors of pixels, the gradient in vectors of classes.
#include "generators/softmax_loss.h"
#include "schedules/cpu/softmax.h"

namespace unet::generators {

void schedule(SoftmaxLoss &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    kept_softmax(op.softmax, lanes);
    op.row_loss.compute_root();
    op.row_loss.update().parallel(op.y);
    op.loss.compute_at(op.row_loss, op.y).vectorize(op.x, lanes, Halide::TailStrategy::GuardWithIf);
    op.d_in.compute_root().vectorize(op.c, lanes, Halide::TailStrategy::RoundUp).parallel(op.y);
}

}  // namespace unet::generators
