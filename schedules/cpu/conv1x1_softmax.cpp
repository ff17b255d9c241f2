// conv1x1_softmax on SIMD CPUs: the scores of a strip of pixels as conv1x1 computes them, then vectors of pixels, class by class.
#include "generators/conv1x1_softmax.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

using Halide::TailStrategy;

void schedule(Conv1x1Softmax &op, const Halide::Target &target, const Knobs &knobs) {
    const RegisterTile tile(target, knobs);
    const int lanes = tile.lanes, strip = 8 * tile.pixels;  // of whole register tiles and whole vectors
    const Halide::Var xi{"xi"}, xo{"xo"}, ci{"ci"}, block{"block"}, yi{"yi"}, task{"task"};

    op.result.compute_root()
        .split(op.x, xo, xi, strip, TailStrategy::GuardWithIf)
        .split(op.y, op.y, yi, tile.task_rows(op.result.output_buffer().dim(2).extent()), TailStrategy::GuardWithIf)
        .reorder(op.c, xi, xo, yi, op.y, op.n)
        .vectorize(xi, lanes, TailStrategy::GuardWithIf)
        .fuse(op.y, op.n, task).parallel(task);

    for (Halide::Func f : {op.softmax.largest, op.softmax.total}) {
        f.compute_at(op.result, xo).vectorize(op.softmax.x, lanes, TailStrategy::GuardWithIf);
        f.update().reorder(op.softmax.x, op.softmax.r).vectorize(op.softmax.x, lanes, TailStrategy::GuardWithIf);
    }
    op.softmax.power.compute_at(op.result, xo)
        .reorder_storage(op.softmax.x, op.softmax.c)
        .reorder(op.softmax.x, op.softmax.c).vectorize(op.softmax.x, lanes, TailStrategy::GuardWithIf);

    op.scores.result.compute_at(op.result, xo)
        .split(op.scores.c, block, ci, channel_block, TailStrategy::RoundUp)
        .split(op.scores.x, op.scores.x, xi, tile.pixels, TailStrategy::RoundUp)
        .reorder(ci, xi, op.scores.x, block)
        .vectorize(ci, lanes).unroll(ci).unroll(xi);
    register_sum_loops(op.scores.result, op.scores.sum, {{op.scores.k, 0}}, lanes);
}

}  // namespace unet::generators
