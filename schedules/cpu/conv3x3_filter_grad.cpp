// conv3x3_filter_grad on SIMD CPUs: 16 output channels x 3 taps of a row x a few input channels stay in registers over the
// pixels of a strip; both images are packed per strip, 16 channels wide, since their own pixels lie a whole row of channels
// apart and would share few cache sets.
#include "generators/conv3x3_filter_grad.h"
#include "schedules/cpu/bias_grad.h"

namespace unet::generators {

using Halide::TailStrategy;
using Halide::Var;

namespace {

int inputs_per_tile(const Conv3x3FilterGrad &op, int lanes) {
    if (op.thin) return 1;
    return lanes == 16 ? 8 : lanes == 8 ? 2 : 1;  // 24, 12, 12 sums in 32, 16, 16 registers
}

void schedule_filter(Conv3x3FilterGrad &op, int lanes) {
    const int inputs = inputs_per_tile(op, lanes), rows = op.thin && lanes == 16 ? 3 : 1, inputs_per_task = op.thin ? 1 : channel_block;
    const Var ko{"ko"}, kt{"kt"}, ki{"ki"}, jt{"jt"}, task{"task"};

    op.d_filter.bound(op.ci, 0, channel_block).bound(op.i, 0, 3).bound(op.j, 0, 3);
    op.d_filter.compute_root().vectorize(op.ci, lanes).unroll(op.ci).parallel(op.block);
    op.d_filter.update()
        .reorder(op.ci, op.i, op.j, op.strips, op.k, op.block)
        .vectorize(op.ci, lanes).unroll(op.ci)
        .fuse(op.k, op.block, task).parallel(task, 16, TailStrategy::GuardWithIf);

    Halide::Func sums = op.strip_sum.in();
    sums.compute_root().bound_extent(op.ci, channel_block).bound_extent(op.i, 3).bound_extent(op.j, 3)
        .split(op.k, ko, ki, inputs_per_task, TailStrategy::RoundUp)
        .split(ki, kt, ki, inputs).split(op.j, op.j, jt, rows)
        .reorder({op.ci, op.i, jt, ki, kt, op.j, ko, op.block, op.strip})
        .vectorize(op.ci, lanes).unroll(op.ci).unroll(op.i).unroll(jt).unroll(ki)
        .fuse(op.block, op.strip, task).fuse(ko, task, task).parallel(task);

    op.strip_sum.compute_at(sums, kt).vectorize(op.ci, lanes).unroll(op.ci).unroll(op.i).unroll(op.j).unroll(op.k);
    op.strip_sum.update()
        .reorder(op.ci, op.i, op.j, op.k, op.pixels.x, op.pixels.y)
        .vectorize(op.ci, lanes).unroll(op.ci).unroll(op.i).unroll(op.j).unroll(op.k);

    op.packed.compute_at(sums, task).bound_extent(op.ci, channel_block).vectorize(op.ci, lanes).unroll(op.ci);
    if (!op.thin)
        op.packed_in.compute_at(sums, task).bound_extent(op.ci, channel_block).vectorize(op.ci, lanes).unroll(op.ci);
}

}  // namespace

void schedule(Conv3x3FilterGrad &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    schedule_filter(op, lanes);
    schedule(*op.bias, lanes);
}

}  // namespace unet::generators
