// augment_labels on SIMD CPUs: vectors of columns; each task is a strip of rows.
#include "generators/augment_labels.h"
#include "schedules/cpu/warp.h"

namespace unet::generators {

void schedule(AugmentLabels &op, const Halide::Target &target, const Knobs &) {
    constexpr int task_rows = 32;
    const auto guard = Halide::TailStrategy::GuardWithIf;
    const int lanes = target.natural_vector_size<float>();
    const Halide::Var yi{"yi"}, task{"task"};

    op.result.compute_root().split(op.y, task, yi, task_rows, guard).vectorize(op.x, lanes, guard).parallel(task);
    warp_loops(op.warp, op.result, yi, lanes);
}

}  // namespace unet::generators
