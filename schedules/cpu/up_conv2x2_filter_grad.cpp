// up_conv2x2_filter_grad on SIMD CPUs: 16 output channels x a few input channels stay in registers over the pixels of a strip; both
// images are packed per strip, 16 channels wide.
#include "generators/up_conv2x2_filter_grad.h"
#include "schedules/cpu/bias_grad.h"

namespace unet::generators {

void schedule(UpConv2x2FilterGrad &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    const int inputs = lanes == 16 ? 16 : lanes == 8 ? 4 : 2;  // 16, 8, 8 sums in 32, 16, 16 registers
    const auto whole = Halide::TailStrategy::RoundUp;
    const Halide::Var ko{"ko"}, kt{"kt"}, ki{"ki"}, task{"task"};

    op.d_filter.bound(op.ci, 0, channel_block).bound(op.i, 0, 2).bound(op.j, 0, 2);
    op.d_filter.compute_root().vectorize(op.ci, lanes).unroll(op.ci).parallel(op.block);
    op.d_filter.update()
        .split(op.k, ko, ki, channel_block, whole)
        .split(ki, kt, ki, inputs)
        .reorder(op.ci, ki, kt, op.i, op.j, op.strips, ko, op.block)
        .vectorize(op.ci, lanes).unroll(op.ci).unroll(ki)
        .fuse(ko, op.block, task).parallel(task);

    op.strip_sum.compute_at(op.d_filter, kt).vectorize(op.ci, lanes).unroll(op.ci).unroll(op.k);
    op.strip_sum.update()
        .reorder(op.ci, op.k, op.pixels.x, op.pixels.y)
        .vectorize(op.ci, lanes).unroll(op.ci).unroll(op.k);
    op.packed.compute_at(op.d_filter, op.strips).bound_extent(op.ci, channel_block).vectorize(op.ci, lanes).unroll(op.ci);
    op.packed_in.compute_at(op.d_filter, op.strips).bound_extent(op.ci, channel_block).vectorize(op.ci, lanes).unroll(op.ci);

    schedule(op.bias, lanes);
}

}  // namespace unet::generators
