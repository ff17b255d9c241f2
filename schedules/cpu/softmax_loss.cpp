// softmax_loss on SIMD CPUs: rows in parallel. The loss of a row and its gradient share one pass: largest and total are kept
// per row.
#include "generators/softmax_loss.h"

namespace unet::generators {

void schedule(SoftmaxLoss &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    op.row_loss.compute_root();
    op.row_loss.update().parallel(op.y);
    op.softmax.largest.compute_root().parallel(op.softmax.y);
    op.softmax.largest.update().reorder(op.softmax.r, op.softmax.x, op.softmax.y, op.softmax.n).parallel(op.softmax.y);
    op.softmax.total.compute_root().parallel(op.softmax.y);
    op.softmax.total.update().reorder(op.softmax.r, op.softmax.x, op.softmax.y, op.softmax.n).parallel(op.softmax.y);
    op.softmax.power.compute_root().vectorize(op.softmax.c, lanes, Halide::TailStrategy::RoundUp).parallel(op.softmax.y);
    op.d_in.compute_root().vectorize(op.c, lanes, Halide::TailStrategy::RoundUp).parallel(op.y);
}

}  // namespace unet::generators
