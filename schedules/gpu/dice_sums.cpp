// dice_sums on GPUs: a thread per class and row.
#include "generators/dice_sums.h"
#include "schedules/gpu/softmax.h"

namespace unet::generators {

void schedule(DiceSums &op, const Halide::Target &, const Knobs &) {
    kept_softmax(op.softmax);
    for (Halide::Func sum : {op.overlap, op.size}) class_row_sum_threads(sum);
}

}  // namespace unet::generators
