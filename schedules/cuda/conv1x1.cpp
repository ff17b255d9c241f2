// conv1x1 on CUDA: a thread's registers hold some pixels of four channels over all of k.
#include "generators/conv1x1.h"
#include "schedules/cuda/dense_layer.h"

namespace unet::generators {

void schedule(Conv1x1 &op, const Halide::Target &, const Knobs &knobs) { dense_layer_tiles(op.result, op.sum, {op.k}, knobs); }

}  // namespace unet::generators
