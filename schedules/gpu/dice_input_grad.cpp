// dice_input_grad on GPUs: what all classes of a pixel share is computed once and kept; then a thread per class and pixel.
#include "generators/dice_input_grad.h"
#include "schedules/gpu/pixelwise.h"
#include "schedules/gpu/softmax.h"

namespace unet::generators {

void schedule(DiceInputGrad &op, const Halide::Target &, const Knobs &) {
    kept_softmax(op.softmax);
    kept_threads(op.mean);
    pixelwise_threads(op.d_in);
}

}  // namespace unet::generators
