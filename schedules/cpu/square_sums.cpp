// square_sums on CPUs: blocks in parallel, the values of one in their order.
#include "generators/square_sums.h"

namespace unet::generators {

void schedule(SquareSums &op, const Halide::Target &, const Knobs &) {
    op.sums.compute_root().update().parallel(op.block, 16, Halide::TailStrategy::GuardWithIf);
}

}  // namespace unet::generators
