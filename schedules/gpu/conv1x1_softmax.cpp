// conv1x1_softmax on GPUs: a block of threads computes the scores of some pixels into shared memory, as conv1x1 does, then what the
// classes of a pixel share, then the result, a thread per class and pixel.
#include "generators/conv1x1_softmax.h"
#include "generators/layout.h"

namespace unet::generators {

void schedule(Conv1x1Softmax &op, const Halide::Target &, const Knobs &knobs) {
    const auto guard = Halide::TailStrategy::GuardWithIf;
    const int pixels = knobs.pixels ? knobs.pixels : 16;  // 16 KB of shared memory for 255 classes
    const Halide::Var co{"co"}, ci{"ci"}, xi{"xi"}, row{"row"};

    op.result.compute_root()
        .split(op.c, co, ci, channel_block, guard)
        .split(op.x, op.x, xi, pixels, guard)
        .reorder(co, ci, xi, op.x, op.y, op.n)
        .fuse(op.y, op.n, row)
        .gpu_blocks(op.x, row).gpu_threads(ci, xi);

    for (Halide::Func shared : {op.softmax.largest, op.softmax.total}) {
        shared.compute_at(op.result, op.x).gpu_threads(op.softmax.x);
        shared.update().gpu_threads(op.softmax.x);
    }

    op.scores.result.compute_at(op.result, op.x)
        .split(op.scores.c, co, ci, channel_block, Halide::TailStrategy::RoundUp)
        .reorder(co, ci, op.scores.x)
        .gpu_threads(ci, op.scores.x);
    op.scores.sum.compute_at(op.scores.result, co);
}

}  // namespace unet::generators
