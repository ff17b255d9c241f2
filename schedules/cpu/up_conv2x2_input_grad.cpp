// up_conv2x2_input_grad on SIMD CPUs: the filter turned once, then the register tile of the dense layers.
#include "generators/up_conv2x2_input_grad.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

void schedule(UpConv2x2InputGrad &op, const Halide::Target &target, const Knobs &knobs) {
    const RegisterTile tile(target, knobs);
    dense_layer_loops(op.result, op.sum, {{op.r, 0}}, tile);
    turn_filter_loops(op.turned, op.c, tile.lanes);
}

}  // namespace unet::generators
