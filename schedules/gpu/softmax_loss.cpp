// softmax_loss on GPUs: what all classes of a pixel share is computed once and kept; then a thread per class and pixel, and one per
// row for its loss.
#include "generators/softmax_loss.h"
#include "schedules/gpu/pixelwise.h"
#include "schedules/gpu/softmax.h"

namespace unet::generators {

void schedule(SoftmaxLoss &op, const Halide::Target &, const Knobs &) {
    kept_softmax(op.softmax);
    pixelwise_threads(op.d_in);
    row_sum_threads(op.row_loss);
}

}  // namespace unet::generators
