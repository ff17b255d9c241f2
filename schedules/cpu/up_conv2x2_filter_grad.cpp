// up_conv2x2_filter_grad on SIMD CPUs: 16 output channels x some taps x some input channels stay in registers over the pixels of a
// chunk; both images are packed per chunk: the gradient once for up to 256 input channels, these once for up to four blocks of its
// channels. Zen 3, two cores, widths of a net of 32: 11.0, 10.9, 11.5, 9.3 ms with packs for 64 and one block, now 6.4, 6.7, 7.0, 6.0.
// All inputs of a pixel are packed at once: 64 of them after the other were 5 to 10 % slower (Zen 5, width 64).
#include "generators/up_conv2x2_filter_grad.h"
#include "schedules/cpu/bias_grad.h"

namespace unet::generators {

using Halide::TailStrategy;
using Halide::Var;

namespace {

/// AVX-512  32 registers: 1 vector x 4 taps x 4 inputs = 16 sums, from 4 + 4 loads
/// AVX2     16 registers: 2 vectors x 1 tap x 4 inputs = 8 sums, from 2 + 4 loads
/// SSE4.1   16 registers: 4 vectors x 1 tap x 2 inputs = 8 sums
struct TapSumTile {
    int lanes, taps, inputs;  // taps in x and in y

    TapSumTile(int lanes, const Knobs &knobs)
        : lanes(lanes), taps(lanes == 16 ? 2 : 1), inputs(knobs.pixels ? knobs.pixels : lanes >= 8 ? 4 : 2) {}
};

/// What is packed at once, and serves each other: input channels, and blocks of the gradient's channels.
struct Packs {
    int inputs, blocks = 1;
};

void sum_loops(UpConv2x2FilterGrad &op, Halide::Stage update, const TapSumTile &tile, const Packs &packs) {
    const Var ko{"ko"}, kt{"kt"}, ki{"ki"}, it{"it"}, ii{"ii"}, jt{"jt"}, ji{"ji"}, bo{"bo"}, bi{"bi"}, task{"task"};
    update.split(op.k, ko, ki, packs.inputs).split(ki, kt, ki, tile.inputs)
        .split(op.i, it, ii, tile.taps).split(op.j, jt, ji, tile.taps)
        .split(op.block, bo, bi, packs.blocks)
        .reorder({op.ci, ii, ji, ki, it, jt, kt, bi, op.chunks, ko, bo, op.part})
        .vectorize(op.ci, tile.lanes).unroll(op.ci).unroll(ii).unroll(ji).unroll(ki)
        .fuse(ko, bo, task).fuse(task, op.part, task).parallel(task);
}

}  // namespace

void schedule(UpConv2x2FilterGrad &op, const Halide::Target &target, const Knobs &knobs) {
    const TapSumTile tile(target.natural_vector_size<float>(), knobs);
    const int lanes = tile.lanes;
    const Var task{"task"};

    op.d_filter.bound(op.ci, 0, channel_block).bound(op.i, 0, 2).bound(op.j, 0, 2);
    op.d_filter.compute_root().vectorize(op.ci, lanes).fuse(op.k, op.block, task).parallel(task, 64, TailStrategy::GuardWithIf);
    op.d_filter.update()
        .reorder(op.ci, op.i, op.j, op.parts, op.k, op.block)
        .vectorize(op.ci, lanes).fuse(op.k, op.block, task).parallel(task, 64, TailStrategy::GuardWithIf);

    op.part_sum.compute_root().bound_extent(op.ci, channel_block).bound_extent(op.i, 2).bound_extent(op.j, 2);
    op.part_sum.vectorize(op.ci, lanes).fuse(op.block, op.part, task).parallel(task);
    const Halide::OutputImageParam out = op.d_filter.output_buffer();
    const Halide::Expr inputs = out.dim(3).extent(), blocks = out.dim(4).extent();
    // Inputs packed for four blocks, not two: 4 to 13 % faster (widths 32 and 64, two Zen 5 cores, 2026-11-28).
    for (const int in_pack : {4, 2})
        for (int channels = 256; channels >= 64; channels /= 2)
            sum_loops(op, op.part_sum.update().specialize(inputs % channels == 0 && blocks % in_pack == 0), tile, {channels, in_pack});
    for (int channels = 64; channels > channel_block; channels /= 2)
        sum_loops(op, op.part_sum.update().specialize(inputs % channels == 0), tile, {channels});
    sum_loops(op, op.part_sum.update(), tile, {channel_block});

    op.chunk_sum.compute_at(op.part_sum, Var("it")).vectorize(op.ci, lanes).unroll(op.ci).unroll(op.i).unroll(op.j).unroll(op.k);
    op.chunk_sum.update()
        .reorder(op.ci, op.i, op.j, op.k, op.pixels)
        .vectorize(op.ci, lanes).unroll(op.ci).unroll(op.i).unroll(op.j).unroll(op.k);
    // With taps side by side in the register tile their gradients lie side by side too.
    if (tile.taps > 1) op.packed.reorder_storage(op.ci, op.i, op.j, op.p, op.block, op.chunk);
    op.packed.compute_at(op.part_sum, op.chunks)
        .bound_extent(op.ci, channel_block).bound_extent(op.i, 2).bound_extent(op.j, 2)
        .reorder(op.ci, op.block, op.i, op.j, op.p).vectorize(op.ci, lanes).unroll(op.ci);
    op.packed_in.compute_at(op.part_sum, op.chunks)
        .bound_extent(op.ki, channel_block)
        .reorder(op.ki, op.block, op.p)  // a pixel's place is divided out once
        .vectorize(op.ki, lanes).unroll(op.ki);

    schedule(op.bias, lanes);
}

}  // namespace unet::generators
