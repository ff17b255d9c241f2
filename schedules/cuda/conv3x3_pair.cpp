// conv3x3_pair on CUDA: the loops of conv3x3, over one input after the other.
#include "generators/conv3x3_pair.h"
#include "schedules/cuda/dense_layer.h"

namespace unet::generators {

void schedule(Conv3x3Pair &op, const Halide::Target &, const Knobs &knobs) { dense_layer_tiles(op.result, op.sum, {op.a, op.b}, knobs); }

}  // namespace unet::generators
