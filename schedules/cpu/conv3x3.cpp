// conv3x3 on SIMD CPUs: a register tile of pixels times channels over all of k, i, j.
#include "generators/conv3x3.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

void schedule(Conv3x3 &op, const Halide::Target &target, const Knobs &knobs) {
    dense_layer_loops(op.result, op.sum, {{op.r, 0}}, RegisterTile(target, knobs));
}

}  // namespace unet::generators
