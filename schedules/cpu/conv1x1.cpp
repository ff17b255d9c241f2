// conv1x1 on SIMD CPUs: a register tile of pixels times channels over all of k.
#include "generators/conv1x1.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

void schedule(Conv1x1 &op, const Halide::Target &target, const Knobs &knobs) {
    dense_layer_loops(op.result, op.sum, {{op.k, 0}}, RegisterTile(target, knobs));
}

}  // namespace unet::generators
