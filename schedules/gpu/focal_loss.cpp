// focal_loss on GPUs: as softmax_loss; the powers, too, are taken once a pixel.
#include "generators/focal_loss.h"
#include "schedules/gpu/pixelwise.h"
#include "schedules/gpu/softmax.h"

namespace unet::generators {

void schedule(FocalLoss &op, const Halide::Target &, const Knobs &) {
    kept_softmax(op.softmax);
    for (Halide::Func pixel : {op.factor, op.loss}) kept_threads(pixel);
    pixelwise_threads(op.d_in);
    row_sum_threads(op.row_loss);
}

}  // namespace unet::generators
