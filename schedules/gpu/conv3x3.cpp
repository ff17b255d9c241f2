// conv3x3 on GPUs: a block of threads computes a patch of 8 x 8 pixels times 16 channels; each thread `pixels` pixels of one
// channel, so that a filter value read once serves all of them.
#include "generators/conv3x3.h"

namespace unet::generators {

void schedule(Conv3x3 &op, const Halide::Target &, const Knobs &knobs) {
    const int pixels = knobs.pixels ? knobs.pixels : 2;  // divides the padding of rows
    Halide::Var block{"block"}, ci{"ci"}, xi{"xi"}, xt{"xt"}, yi{"yi"}, images{"images"};
    const auto any_size = Halide::TailStrategy::RoundUp;

    op.result.compute_root()
        .split(op.c, block, ci, channel_block, any_size)
        .split(op.x, op.x, xi, pixels, any_size)
        .split(op.x, op.x, xt, 4, Halide::TailStrategy::GuardWithIf)
        .split(op.y, op.y, yi, 4, Halide::TailStrategy::GuardWithIf)
        .reorder(xi, ci, xt, yi, block, op.x, op.y, op.n)
        .unroll(xi)
        .fuse(op.y, op.n, images)
        .gpu_blocks(block, op.x, images)
        .gpu_threads(ci, xt, yi);
    op.sum.compute_at(op.result, ci)
        .unroll(op.x)
        .update()
        .reorder(op.x, op.r.x, op.r.y, op.r.z)
        .unroll(op.x);
}

}  // namespace unet::generators
