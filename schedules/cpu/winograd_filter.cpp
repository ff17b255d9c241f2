// winograd_filter on SIMD CPUs: bound by memory; each tap is read once for all its transforms.
#include "generators/winograd_filter.h"

namespace unet::generators {

void schedule(WinogradFilter &op, const Halide::Target &target, const Knobs &) {
    const int points = op.winograd.points();
    const Halide::Var task{"task"};
    op.result.compute_root()
        .bound(op.ci, 0, channel_block).bound(op.u, 0, points).bound(op.v, 0, points)
        .reorder(op.ci, op.u, op.v, op.k, op.block)
        .vectorize(op.ci, target.natural_vector_size<float>()).unroll(op.u).unroll(op.v)
        .fuse(op.k, op.block, task).parallel(task, 64, Halide::TailStrategy::GuardWithIf);
}

}  // namespace unet::generators
