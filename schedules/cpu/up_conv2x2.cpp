// up_conv2x2 on SIMD CPUs: a register tile of input pixels times 16 channels times as many of the four taps as fit. Taps lie side
// by side in the filter: on AVX-512 all of them together gave 190 GFLOP/s where one after the other, in a quarter of the cache's
// sets, gave 50 (two Zen 4 cores, 2026-11-24). AVX2 has registers for one, which then runs over a whole row before the next.
#include "generators/up_conv2x2.h"
#include "schedules/cpu/register_tile.h"

namespace unet::generators {

namespace {

/// AVX-512  32 registers: 1 vector x 4 taps x 6 pixels = 24 sums, 4 of the filter, 1 of the input
/// AVX2     16 registers: 2 vectors x 1 tap x 6 pixels = 12 sums, 2 of the filter, 1 of the input: 140 GFLOP/s, 2 x 2 x 3 some
///          percent less (two Zen 3 cores, 2026-11-25)
/// SSE4.1   16 registers: 4 vectors x 1 tap x 2 pixels = 8 sums
struct TapTile {
    int lanes, columns, rows, pixels;  // taps in x and y, input pixels

    TapTile(int lanes, const Knobs &knobs)
        : lanes(lanes), columns(lanes == 16 ? 2 : 1), rows(columns),
          pixels(knobs.pixels ? knobs.pixels : lanes >= 8 ? 6 : 2) {}
};

}  // namespace

void schedule(UpConv2x2 &op, const Halide::Target &target, const Knobs &knobs) {
    const TapTile tile(target.natural_vector_size<float>(), knobs);
    const Halide::Expr task_rows = RegisterTile(target, knobs).task_rows(op.result.output_buffer().dim(4).extent());
    const auto whole = Halide::TailStrategy::RoundUp;  // storage is padded to whole tiles: one code for every pixel
    const Halide::Var block{"block"}, ci{"ci"}, xi{"xi"}, yi{"yi"}, task{"task"}, i_outer{"i_outer"}, j_outer{"j_outer"};

    op.result.compute_root()
        .split(op.c, block, ci, channel_block, whole)
        .bound(op.i, 0, 2).bound(op.j, 0, 2)
        .split(op.x, op.x, xi, tile.pixels, whole)
        .split(op.y, op.y, yi, task_rows, Halide::TailStrategy::GuardWithIf)
        .split(op.i, i_outer, op.i, tile.columns).split(op.j, j_outer, op.j, tile.rows)
        .reorder(ci, op.i, op.j, xi, op.x, i_outer, j_outer, yi, block, op.y, op.n)
        .vectorize(ci, tile.lanes).unroll(ci).unroll(op.i).unroll(op.j).unroll(xi)
        .never_partition_all()
        .parallel(block).fuse(op.y, op.n, task).parallel(task);

    op.sum.compute_at(op.result, op.x).vectorize(op.c, tile.lanes).unroll(op.c).unroll(op.i).unroll(op.j).unroll(op.x);
    op.sum.update()
        .reorder(op.c, op.i, op.j, op.x, op.k)
        .vectorize(op.c, tile.lanes).unroll(op.c).unroll(op.i).unroll(op.j).unroll(op.x).unroll(op.k, 2);
}

}  // namespace unet::generators
