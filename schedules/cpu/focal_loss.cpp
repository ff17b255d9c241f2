// focal_loss on SIMD CPUs: rows in parallel. The powers are taken once a pixel, in scalars, as loss and gradient read them: in vectors
// LLVM fuses other products for AVX2 than for AVX-512, and the bytes differ.
#include "generators/focal_loss.h"
#include "schedules/cpu/softmax.h"

namespace unet::generators {

void schedule(FocalLoss &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    kept_softmax(op.softmax, lanes);
    op.log_p.compute_root().parallel(op.y);
    op.factor.compute_root().parallel(op.y);
    op.row_loss.compute_root();
    op.row_loss.update().parallel(op.y);
    op.d_in.compute_root().vectorize(op.c, lanes, Halide::TailStrategy::RoundUp).parallel(op.y);
}

}  // namespace unet::generators
