// sgd on SIMD CPUs: bound by memory; 1024 vectors, 16 to 64 KiB of each buffer, per task.
#include "generators/sgd.h"

namespace unet::generators {

void schedule(Sgd &op, const Halide::Target &target, const Knobs &) {
    op.result.compute_root()
        .vectorize(op.i, target.natural_vector_size<float>(), Halide::TailStrategy::RoundUp)
        .parallel(op.i, 1024, Halide::TailStrategy::GuardWithIf);
}

}  // namespace unet::generators
