// conv3x3 on GPUs: a thread's registers hold some pixels of one channel over all of k, i, j.
#include "generators/conv3x3.h"
#include "schedules/gpu/dense_layer.h"

namespace unet::generators {

void schedule(Conv3x3 &op, const Halide::Target &, const Knobs &knobs) { dense_layer_threads(op.result, op.sum, {op.r}, knobs); }

}  // namespace unet::generators
