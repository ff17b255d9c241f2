// conv3x3 on CUDA: a thread's registers hold some pixels of four channels over all of k, i, j.
#include "generators/conv3x3.h"
#include "schedules/cuda/dense_layer.h"

namespace unet::generators {

void schedule(Conv3x3 &op, const Halide::Target &, const Knobs &knobs) { dense_layer_tiles(op.result, op.sum, {op.r}, knobs); }

}  // namespace unet::generators
