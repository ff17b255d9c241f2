// conv1x1_filter_grad on SIMD CPUs: 16 output channels x 4 or 8 input channels, 8 sums of AVX2 or AVX-512, stay in registers along a
// row; rows in parallel.
#include "generators/conv1x1_filter_grad.h"
#include "schedules/cpu/bias_grad.h"

namespace unet::generators {

void schedule(Conv1x1FilterGrad &op, const Halide::Target &target, const Knobs &) {
    const int lanes = target.natural_vector_size<float>();
    const auto whole = Halide::TailStrategy::RoundUp;
    const Halide::Var ko{"ko"}, ki{"ki"};

    op.d_filter.compute_root().bound(op.ci, 0, channel_block).bound(op.i, 0, 1).bound(op.j, 0, 1)
        .vectorize(op.ci, lanes).unroll(op.ci);
    op.d_filter.update().reorder(op.ci, op.i, op.j, op.rows, op.k, op.block).vectorize(op.ci, lanes).unroll(op.ci);

    op.row_sum.in().compute_root()
        .bound_extent(op.ci, channel_block)
        .split(op.k, ko, ki, lanes == 16 ? 8 : 4, whole)
        .reorder(op.ci, ki, ko, op.block, op.y)
        .vectorize(op.ci, lanes).unroll(op.ci).unroll(ki)
        .parallel(op.y);
    op.row_sum.compute_at(op.row_sum.in(), ko).vectorize(op.ci, lanes).unroll(op.ci).unroll(op.k);
    op.row_sum.update().reorder(op.ci, op.k, op.row).vectorize(op.ci, lanes).unroll(op.ci).unroll(op.k);

    schedule(op.bias, lanes);
}

}  // namespace unet::generators
