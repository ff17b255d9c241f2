// augment_image on SIMD CPUs: vectors of columns; each task warps and blurs a strip of rows.
#include "generators/augment_image.h"
#include "schedules/cpu/warp.h"

namespace unet::generators {

void schedule(AugmentImage &op, const Halide::Target &target, const Knobs &) {
    constexpr int task_rows = 32;  // four more are warped for the blur
    const auto guard = Halide::TailStrategy::GuardWithIf;
    const int lanes = target.natural_vector_size<float>();
    const Halide::Var yi{"yi"}, task{"task"};

    op.result.compute_root()
        .split(op.y, task, yi, task_rows, guard)
        .reorder(op.k, op.x, yi, task)
        .vectorize(op.x, lanes, guard)
        .parallel(task)
        .specialize(op.channels == 1);
    op.warped.compute_at(op.result, task).reorder_storage(op.x, op.k, op.y).reorder(op.x, op.k, op.y);
    op.warped.vectorize(op.x, lanes, guard);
    op.smoothed.compute_at(op.result, yi).reorder_storage(op.x, op.k, op.y).reorder(op.x, op.k, op.y);
    op.smoothed.vectorize(op.x, lanes, guard);
    warp_loops(op.warp, op.warped, op.y, lanes);
}

}  // namespace unet::generators
