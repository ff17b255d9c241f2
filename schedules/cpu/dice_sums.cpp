// dice_sums on SIMD CPUs: rows in parallel, classes in vectors, the pixels of a row one after the other.
#include "generators/dice_sums.h"
#include "schedules/cpu/softmax.h"

namespace unet::generators {

void schedule(DiceSums &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    kept_softmax(op.softmax, lanes);
    for (Halide::Func sum : {op.overlap, op.size}) {
        sum.compute_root().vectorize(op.c, lanes, Halide::TailStrategy::RoundUp);
        sum.update().reorder(op.c, op.row, op.y, op.n).vectorize(op.c, lanes, Halide::TailStrategy::GuardWithIf).parallel(op.y);
    }
}

}  // namespace unet::generators
