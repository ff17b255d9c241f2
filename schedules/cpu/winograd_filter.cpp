// winograd_filter on SIMD CPUs: bound by memory. The taps are loaded once for all their transforms: turned ones lie apart, and
// gathering them anew for each of the 36 elements took five times as long as the plain filter (110 ms a training step of width 64).
#include "generators/winograd_filter.h"

namespace unet::generators {

void schedule(WinogradFilter &op, const Halide::Target &target, const Knobs &) {
    const int points = op.winograd.points();
    const int lanes = target.natural_vector_size<float>();
    const Halide::Var task{"task"}, pair{"pair"};
    op.result.compute_root()
        .bound(op.ci, 0, channel_block).bound(op.u, 0, points).bound(op.v, 0, points)
        .reorder(op.ci, op.u, op.v, op.k, op.block)
        .vectorize(op.ci, lanes).unroll(op.u).unroll(op.v)
        .fuse(op.k, op.block, task).split(task, task, pair, 64, Halide::TailStrategy::GuardWithIf).parallel(task);
    op.taps.compute_at(op.result, pair).vectorize(op.ci, lanes).unroll(op.ci).unroll(op.i).unroll(op.j);
    op.columns.compute_at(op.result, pair).vectorize(op.ci, lanes).unroll(op.ci).unroll(op.i).unroll(op.v);
}

}  // namespace unet::generators
