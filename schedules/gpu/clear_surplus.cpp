// clear_surplus on GPUs: a thread per channel and pixel, most of which have nothing to do. The network's own input has channels
// that fill no block.
#include "generators/clear_surplus.h"

namespace unet::generators {

void schedule(ClearSurplus &op, const Halide::Target &, const Knobs &) {
    const auto guard = Halide::TailStrategy::GuardWithIf;
    const Halide::Var ci{"ci"}, xi{"xi"}, row{"row"};
    op.result.compute_root()
        .split(op.c, op.c, ci, channel_block, guard)
        .split(op.x, op.x, xi, 8, guard)
        .reorder(ci, xi, op.c, op.x, op.y, op.n)
        .fuse(op.y, op.n, row)
        .gpu_blocks(op.c, op.x, row).gpu_threads(ci, xi);
}

}  // namespace unet::generators
