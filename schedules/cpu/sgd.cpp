// sgd on SIMD CPUs: bound by memory; 16 Ki elements, 64 KiB of each buffer, per task.
#include "generators/sgd.h"

namespace unet::generators {

void schedule(Sgd &op, const Halide::Target &target, const Knobs &) {
    const Halide::Var element{"element"};
    op.result.compute_root()
        .vectorize(op.i, target.natural_vector_size<float>(), Halide::TailStrategy::RoundUp)
        .parallel(op.i, 1 << 10, Halide::TailStrategy::GuardWithIf);
}

}  // namespace unet::generators
