#include "schedules/cpu/register_tile.h"

namespace unet::generators {

using Halide::Func;
using Halide::Stage;
using Halide::TailStrategy;
using Halide::Var;

namespace {

const Var c{"c"}, x{"x"}, y{"y"}, n{"n"};

void output_loops(Stage result, const RegisterTile &tile, int blocks, Halide::Expr height) {
    const Var block{"block"}, ci{"ci"}, xi{"xi"}, yi{"yi"}, task{"task"};
    result.split(c, block, ci, channel_block * blocks, TailStrategy::RoundUp)  // storage is padded to whole tiles:
        .split(x, x, xi, tile.pixels, TailStrategy::RoundUp)                   // one code for every pixel
        .split(y, y, yi, tile.task_rows(height), TailStrategy::GuardWithIf)
        .reorder(ci, xi, x, yi, block, y, n)
        .vectorize(ci, tile.lanes).unroll(ci).unroll(xi)
        .never_partition_all()
        .fuse(y, n, task).parallel(task);
}

}  // namespace

void dense_layer_loops(Func result, Func sum, const std::vector<Reduction> &reductions, const RegisterTile &tile) {
    result.compute_root();
    const Halide::OutputImageParam out = result.output_buffer();
    const Halide::Expr channels = out.dim(0).extent(), height = out.dim(2).extent();
    for (int blocks = tile.blocks; blocks > 1; blocks /= 2)
        output_loops(result.specialize(channels % (channel_block * blocks) == 0), tile, blocks, height);
    output_loops(result, tile, 1, height);
    register_sum_loops(result, sum, reductions, tile.lanes);
}

void register_sum_loops(Func result, Func sum, const std::vector<Reduction> &reductions, int lanes) {
    sum.compute_at(result, x).vectorize(c, lanes).unroll(c).unroll(x);
    for (const auto &[domain, update] : reductions) {
        std::vector<Halide::VarOrRVar> order{c, x};
        for (int d = 0; d < domain.dimensions(); d++) order.push_back(domain[d]);
        sum.update(update).reorder(order).vectorize(c, lanes).unroll(c).unroll(x).unroll(domain.x, 2);
    }
}

void turn_filter_loops(Func turned, Var channel, int lanes) {
    const Var k = turned.args().front(), block = turned.args().back(), task{"task"};
    std::vector<Halide::VarOrRVar> order;
    for (const Var &variable : turned.args())
        if (!variable.same_as(channel) && !variable.same_as(block)) order.push_back(variable);
    order.insert(order.end(), {channel, block});
    turned.compute_root()
        .bound(k, 0, channel_block)
        .reorder(order)
        .vectorize(k, lanes).unroll(k)
        .fuse(channel, block, task).parallel(task, 16, TailStrategy::GuardWithIf);
}

}  // namespace unet::generators
