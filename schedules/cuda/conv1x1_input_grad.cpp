// conv1x1_input_grad on CUDA: the filter turned once, then the loops of the dense layers.
#include "generators/conv1x1_input_grad.h"
#include "schedules/cuda/dense_layer.h"

namespace unet::generators {

void schedule(Conv1x1InputGrad &op, const Halide::Target &, const Knobs &knobs) {
    dense_layer_tiles(op.result, op.sum, {op.r}, knobs);
    turn_filter_threads(op.turned, op.c);
}

}  // namespace unet::generators
