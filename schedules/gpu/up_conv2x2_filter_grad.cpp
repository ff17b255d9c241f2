// up_conv2x2_filter_grad on GPUs: both images packed by chunks, so that places of pixels are divided out once; then a thread sums a
// part of the image for one output channel, its four taps and some input channels; another then the parts.
#include "generators/up_conv2x2_filter_grad.h"
#include "schedules/gpu/bias_grad.h"
#include "schedules/gpu/filter_grad.h"
#include "schedules/gpu/up_conv2x2_filter_grad.h"

namespace unet::generators {

void schedule(UpConv2x2FilterGrad &op, const Halide::Target &, const Knobs &knobs) {
    const int inputs = knobs.pixels ? knobs.pixels : 2;  // for each of which a gradient read once serves; 8 times it divide 16
    const Halide::Var ki{"k_inner"}, kt{"kt"}, place{"place"};

    element_threads(op.d_filter, 2);

    Halide::Func part_sums = op.part_sum.in();
    part_sums.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.i, 2).bound_extent(op.j, 2)
        .split(op.k, op.k, ki, inputs)
        .split(op.k, op.k, kt, 8)
        .reorder({op.i, op.j, ki, op.ci, kt, op.k, op.block, op.part})
        .unroll(op.i).unroll(op.j).unroll(ki)
        .fuse(op.block, op.part, place)
        .gpu_blocks(op.k, place).gpu_threads(op.ci, kt);
    op.part_sum.compute_at(part_sums, op.ci).unroll(op.i).unroll(op.j).unroll(op.k);
    op.part_sum.update().reorder(op.i, op.j, op.k, op.chunks).unroll(op.i).unroll(op.j).unroll(op.k);
    op.chunk_sum.compute_at(op.part_sum, op.chunks).unroll(op.i).unroll(op.j).unroll(op.k);
    op.chunk_sum.update().reorder(op.i, op.j, op.k, op.pixels).unroll(op.i).unroll(op.j).unroll(op.k);

    pack_threads(op.packed);
    pack_threads(op.packed_in);
    schedule(op.bias);
}

}  // namespace unet::generators
