// conv1x1 on GPUs: a thread's registers hold some pixels of one channel over all of k.
#include "generators/conv1x1.h"
#include "schedules/gpu/dense_layer.h"

namespace unet::generators {

void schedule(Conv1x1 &op, const Halide::Target &, const Knobs &knobs) { dense_layer_threads(op.result, op.sum, {op.k}, knobs); }

}  // namespace unet::generators
