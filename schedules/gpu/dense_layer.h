// The loop nest all dense layers share on GPUs: sums that stay in a thread's registers while a reduction runs.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include <vector>

namespace unet::generators {

/// The reductions into the sum of a dense layer, in the order of its updates; the inner dimension of each runs over channels.
using Reductions = std::vector<Halide::RDom>;

/// Pixels of a row that a thread computes, so that a filter value read once serves all of them. They divide the padding of
/// rows (src/kernels/image.h), so that threads are always whole.
inline int thread_pixels(const Knobs &knobs) { return knobs.pixels ? knobs.pixels : 2; }

/// Dense layer `result(c, x, y, n)` with its `sum(c, x, y, n)`: a block of threads computes a patch of 16 channels times 4
/// threads across times `rows`; each thread some pixels of one channel.
inline void dense_layer_threads(Halide::Func result, Halide::Func sum, const Reductions &reductions, const Knobs &knobs) {
    using Halide::TailStrategy, Halide::Var;
    const Var c = result.args()[0], x = result.args()[1], y = result.args()[2], n = result.args()[3];
    const Var block{"block"}, ci{"ci"}, xi{"xi"}, xt{"xt"}, yi{"yi"}, patch{"patch"};
    const int rows = knobs.rows ? knobs.rows : 4;  // 256 threads, as many as every device has in a block

    result.compute_root()
        .split(c, block, ci, channel_block, TailStrategy::RoundUp)
        .split(x, x, xi, thread_pixels(knobs), TailStrategy::RoundUp)
        .split(x, x, xt, 4, TailStrategy::GuardWithIf)
        .split(y, y, yi, rows, TailStrategy::GuardWithIf)
        .reorder(xi, ci, xt, yi, block, x, y, n)
        .unroll(xi)
        .fuse(y, n, patch)
        .gpu_blocks(block, x, patch).gpu_threads(ci, xt, yi);

    sum.compute_at(result, ci).unroll(x);
    for (size_t update = 0; update < reductions.size(); update++) {
        std::vector<Halide::VarOrRVar> order{x};
        for (int d = 0; d < reductions[update].dimensions(); d++) order.push_back(reductions[update][d]);
        sum.update(int(update)).reorder(order).unroll(x);
    }
}

/// The turned filter of an input gradient, `turned(k, ..., block)` with k inside a block: a thread per value of a block and of
/// `channel`, which holds those of all taps.
inline void turn_filter_threads(Halide::Func turned, Halide::Var channel) {
    const Halide::Var k = turned.args().front(), block = turned.args().back(), ci{"channel_inner"};
    std::vector<Halide::VarOrRVar> order;
    for (const Halide::Var &variable : turned.args())
        if (!variable.same_as(k) && !variable.same_as(channel) && !variable.same_as(block)) order.push_back(variable);
    order.insert(order.end(), {k, ci, channel, block});
    turned.compute_root()
        .bound(k, 0, channel_block)
        .split(channel, channel, ci, 8, Halide::TailStrategy::GuardWithIf)
        .reorder(order)
        .gpu_blocks(channel, block).gpu_threads(k, ci);
}

}  // namespace unet::generators
