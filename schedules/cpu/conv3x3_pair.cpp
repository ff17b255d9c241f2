// conv3x3_pair on SIMD CPUs: the register tile of conv3x3, run over one input after the other.
#include "generators/conv3x3_pair.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

void schedule(Conv3x3Pair &op, const Halide::Target &target, const Knobs &knobs) {
    dense_layer_loops(op.result, op.sum, {{op.a, 0}, {op.b, 1}}, RegisterTile(target, knobs));
}

}  // namespace unet::generators
