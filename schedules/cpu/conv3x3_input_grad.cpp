// conv3x3_input_grad on SIMD CPUs: the filter turned once, the gradient masked and padded once per task, then the register
// tile of conv3x3.
#include "generators/conv3x3_input_grad.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

void schedule(Conv3x3InputGrad &op, const Halide::Target &target, const Knobs &knobs) {
    const RegisterTile tile(target, knobs);
    dense_layer_loops(op.result, op.sum, {{op.r, 0}}, tile);
    const Halide::Var task{"task"};
    op.masked.compute_at(op.result, task).vectorize(op.c, tile.lanes, Halide::TailStrategy::RoundUp);
    turn_filter_loops(op.turned, op.c, tile.lanes);
}

}  // namespace unet::generators
