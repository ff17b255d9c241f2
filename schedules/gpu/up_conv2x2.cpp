// up_conv2x2 on GPUs: a thread's registers hold the four taps of one channel for some input pixels.
#include "generators/up_conv2x2.h"
#include "schedules/gpu/dense_layer.h"

namespace unet::generators {

void schedule(UpConv2x2 &op, const Halide::Target &, const Knobs &knobs) {
    using Halide::TailStrategy;
    const Halide::Var block{"block"}, ci{"ci"}, xi{"xi"}, xt{"xt"}, row{"row"};

    op.result.compute_root()
        .bound(op.i, 0, 2).bound(op.j, 0, 2)
        .split(op.c, block, ci, channel_block, TailStrategy::RoundUp)
        .split(op.x, op.x, xi, thread_pixels(knobs), TailStrategy::RoundUp)
        .split(op.x, op.x, xt, 8, TailStrategy::GuardWithIf)
        .reorder(op.i, op.j, xi, ci, xt, block, op.x, op.y, op.n)
        .unroll(op.i).unroll(op.j).unroll(xi)
        .fuse(op.y, op.n, row)
        .gpu_blocks(block, op.x, row).gpu_threads(ci, xt);
    op.sum.compute_at(op.result, ci).unroll(op.i).unroll(op.j).unroll(op.x);
    op.sum.update().reorder(op.i, op.j, op.x, op.k).unroll(op.i).unroll(op.j).unroll(op.x);
}

}  // namespace unet::generators
