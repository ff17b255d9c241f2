// square_sums on GPUs: a thread per block, which takes its values in their order.
#include "generators/square_sums.h"

namespace unet::generators {

void schedule(SquareSums &op, const Halide::Target &, const Knobs &) {
    const auto guard = Halide::TailStrategy::GuardWithIf;
    const Halide::Var thread{"thread"};
    op.sums.compute_root().gpu_tile(op.block, thread, 32, guard);
    op.sums.update().gpu_tile(op.block, thread, 32, guard);
}

}  // namespace unet::generators
