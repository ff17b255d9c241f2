// The loop nest of dense layers that are summed directly, on CUDA: a tile of sums in a thread's registers.
#pragma once
#include "schedules/gpu/dense_layer.h"

namespace unet::generators {

/// Dense layer `result(c, x, y, n)` with its `sum(c, x, y, n)`: a thread computes 4 channels of some pixels of a row, so that 10
/// loads serve 24 multiply-adds, where one channel and 2 pixels, as in schedules/gpu, take 3 for 2. A block of 128 threads computes
/// 16 channels times 4 threads across times `rows`.
inline void dense_layer_tiles(Halide::Func result, Halide::Func sum, const Reductions &reductions, const Knobs &knobs) {
    using Halide::TailStrategy, Halide::Var;
    const Var c = result.args()[0], x = result.args()[1], y = result.args()[2], n = result.args()[3];
    const Var block{"block"}, cu{"cu"}, ci{"ci"}, xi{"xi"}, xt{"xt"}, yi{"yi"}, patch{"patch"};
    const int pixels = knobs.pixels ? knobs.pixels : 6;  // divides the padding of rows (src/kernels/image.h)
    const int rows = knobs.rows ? knobs.rows : 8;

    result.compute_root()
        .split(c, block, ci, channel_block, TailStrategy::RoundUp)
        .split(ci, ci, cu, 4)
        .split(x, x, xi, pixels, TailStrategy::RoundUp)
        .split(x, x, xt, 4, TailStrategy::GuardWithIf)
        .split(y, y, yi, rows, TailStrategy::GuardWithIf)
        .reorder({cu, xi, ci, xt, yi, block, x, y, n})
        .unroll(cu).unroll(xi)
        .fuse(y, n, patch)
        .gpu_blocks(block, x, patch).gpu_threads(ci, xt, yi);

    sum.compute_at(result, ci).unroll(c).unroll(x);
    for (size_t update = 0; update < reductions.size(); update++) {
        std::vector<Halide::VarOrRVar> order{c, x};
        for (int d = 0; d < reductions[update].dimensions(); d++) order.push_back(reductions[update][d]);
        sum.update(int(update)).reorder(order).unroll(c).unroll(x);
    }
}

}  // namespace unet::generators
