// conv1x1_filter_grad on GPUs: a thread sums a row for one output channel and some input channels; another then the rows.
#include "generators/conv1x1_filter_grad.h"
#include "schedules/gpu/bias_grad.h"

namespace unet::generators {

void schedule(Conv1x1FilterGrad &op, const Halide::Target &, const Knobs &knobs) {
    const int inputs = knobs.pixels ? knobs.pixels : 4;  // for each of which a gradient read once serves; divides 16
    const Halide::Var ki{"ki"}, kt{"kt"}, place{"place"};

    for (Halide::Stage stage : {Halide::Stage(op.d_filter.compute_root()), op.d_filter.update()})
        stage.split(op.k, op.k, kt, channel_block)
            .reorder({op.ci, kt, op.i, op.j, op.k, op.block})
            .gpu_blocks(op.k, op.block).gpu_threads(op.ci, kt);
    op.d_filter.bound(op.ci, 0, channel_block).bound(op.i, 0, 1).bound(op.j, 0, 1);

    Halide::Func row_sums = op.row_sum.in();
    row_sums.compute_root()
        .bound_extent(op.ci, channel_block)
        .split(op.k, op.k, ki, inputs)
        .split(op.k, op.k, kt, channel_block / inputs)
        .reorder(ki, op.ci, kt, op.k, op.block, op.y)
        .unroll(ki)
        .fuse(op.block, op.y, place)
        .gpu_blocks(op.k, place).gpu_threads(op.ci, kt);
    op.row_sum.compute_at(row_sums, op.ci).unroll(op.k);
    op.row_sum.update().reorder(op.k, op.row).unroll(op.k);

    schedule(op.bias);
}

}  // namespace unet::generators
