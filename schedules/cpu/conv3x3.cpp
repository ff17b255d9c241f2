// conv3x3 on SIMD CPUs: `pixels` pixels times `blocks` blocks of 16 channels stay in registers over all of k, i, j.
#include "generators/conv3x3.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

void schedule(Conv3x3 &op, const Halide::Target &target, const Knobs &knobs) {
    const RegisterTile tile(target, knobs);
    Halide::Var block{"block"}, ci{"ci"}, xi{"xi"}, yi{"yi"}, task{"task"};
    const auto any_size = Halide::TailStrategy::RoundUp;  // storage is padded to whole tiles: one code for every pixel

    op.result.compute_root()
        .split(op.c, block, ci, tile.channels, any_size)
        .split(op.x, op.x, xi, tile.pixels, any_size)
        .split(op.y, op.y, yi, tile.rows, Halide::TailStrategy::GuardWithIf)
        .reorder(ci, xi, op.x, yi, block, op.y, op.n)
        .vectorize(ci, tile.lanes).unroll(ci).unroll(xi)
        .never_partition_all()
        .fuse(op.y, op.n, task).parallel(task);
    op.sum.compute_at(op.result, op.x)
        .vectorize(op.c, tile.lanes).unroll(op.c).unroll(op.x)
        .update()
        .reorder(op.c, op.x, op.r.x, op.r.y, op.r.z, op.y, op.n)
        .vectorize(op.c, tile.lanes).unroll(op.c).unroll(op.x).unroll(op.r.x, 2);
}

}  // namespace unet::generators
