// up_conv2x2 on SIMD CPUs: for each of the four positions in a 2x2 cell, a register tile of input pixels times channels.
#include "generators/up_conv2x2.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

namespace {

void output_loops(UpConv2x2 &op, Halide::Stage result, const RegisterTile &tile, int blocks) {
    const auto whole = Halide::TailStrategy::RoundUp;  // storage is padded to whole tiles: one code for every pixel
    const Halide::Var block{"block"}, ci{"ci"}, xi{"xi"}, yi{"yi"}, task{"task"};
    result.split(op.c, block, ci, channel_block * blocks, whole)
        .split(op.x, op.x, op.i, 2, whole).split(op.x, op.x, xi, tile.pixels, whole)
        .split(op.y, op.y, op.j, 2, whole).split(op.y, op.y, yi, tile.rows, Halide::TailStrategy::GuardWithIf)
        .reorder(ci, xi, op.i, op.j, op.x, yi, block, op.y, op.n)
        .vectorize(ci, tile.lanes).unroll(ci).unroll(xi)
        .never_partition_all()
        .fuse(op.y, op.n, task).parallel(task);
}

}  // namespace

void schedule(UpConv2x2 &op, const Halide::Target &target, const Knobs &knobs) {
    const RegisterTile tile(target, knobs);
    const Halide::Expr channels = op.result.output_buffer().dim(0).extent();
    op.result.compute_root();
    for (int blocks = tile.blocks; blocks > 1; blocks /= 2)
        output_loops(op, op.result.specialize(channels % (channel_block * blocks) == 0), tile, blocks);
    output_loops(op, op.result, tile, 1);

    op.sum.compute_at(op.result, op.i).vectorize(op.c, tile.lanes).unroll(op.c).unroll(op.x);
    op.sum.update()
        .reorder(op.c, op.x, op.k)
        .vectorize(op.c, tile.lanes).unroll(op.c).unroll(op.x).unroll(op.k, 2);
}

}  // namespace unet::generators
