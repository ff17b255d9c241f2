// conv3x3 on SIMD CPUs: a register tile of pixels times channels over all of k, i, j.
#include "generators/conv3x3.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

void schedule(Conv3x3 &op, const Halide::Target &target, const Knobs &knobs) {
    dense_layer_loops(op.result, op.sum, {{op.r, 0}}, RegisterTile(target, knobs));
    // Gray images: nine multiply-adds are too few to pay for three loops.
    op.sum.update().specialize(op.r.x.extent() == 1).unroll(op.r.y).unroll(op.r.z);
}

}  // namespace unet::generators
