// softmax_loss on SIMD CPUs: rows in parallel. The loss of a row and its gradient share one pass: largest and total are kept
// per row.
#include "generators/softmax_loss.h"
#include "schedules/cpu/softmax.h"

namespace unet::generators {

void schedule(SoftmaxLoss &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    kept_softmax(op.softmax, lanes);
    op.row_loss.compute_root();
    op.row_loss.update().parallel(op.y);
    op.d_in.compute_root().vectorize(op.c, lanes, Halide::TailStrategy::RoundUp).parallel(op.y);
}

}  // namespace unet::generators
