// The loop nest all Winograd convolutions share on CUDA.
#pragma once
#include "generators/winograd_convolution.h"
#include "schedules/cuda/warp.h"
#include "schedules/gpu/winograd_filter.h"
#include "schedules/gpu/winograd_result.h"

namespace unet::generators {

/// The products of a convolution: for each element one of two matrices, [C, K] times [K, tiles], of which a block of one warp
/// computes `channels` x `tiles` values. They stay in the registers of its lanes while steps of 16 input channels pass
/// through shared memory: a lane has every 32nd channel of all tiles, reads a filter value for `tiles` multiply-adds,
/// and four tiles by one load, the same for all lanes.
///
/// More than one warp in a block would share what lies in shared memory, but Halide 21 would keep the sums of all of them in each.
struct WinogradWarp {
    static constexpr int step = channel_block;  // input channels
    const Halide::Target &target;
    int tiles;
    WarpChannels widths;
    Halide::Var cu{"cu"}, lane{"lane"};

    WinogradWarp(const WinogradConvolution &op, const Halide::Target &target, const Knobs &knobs)
        : target(target), tiles(knobs.pixels ? knobs.pixels : 32), widths(op.result.output_buffer().dim(0).extent()) {}

    /// Where a Func of sums is kept: a lane has the values that lie a warp apart.
    void keep(Halide::Func sum, Halide::Var c) const { sum.store_in(Halide::MemoryType::Register).align_storage(c, warp_lanes); }

    /// The loops of a stage of a Func (c, t, ...) in registers over a warp's tile; `inner`: those inside `lane`, `outer` around it.
    void in_registers(Halide::Stage stage, Halide::Var c, Halide::Var t, const std::vector<Halide::VarOrRVar> &inner,
                      const std::vector<Halide::VarOrRVar> &outer) const {
        widths.for_each(stage, [&](Halide::Stage of_width, int channels) {
            std::vector<Halide::VarOrRVar> order{cu, t};
            order.insert(order.end(), inner.begin(), inner.end());
            order.push_back(lane);
            order.insert(order.end(), outer.begin(), outer.end());
            of_width.split(c, cu, lane, std::min(channels, warp_lanes)).reorder(order).unroll(cu).unroll(t);
            lanes(of_width, lane, target);
        });
    }

    /// sum += filter * values, over `r`; `outer`: loops around those over r.
    void add(const WinogradConvolution &op, Halide::Func sum, int update, Halide::RDom r, Halide::Func values,
             const std::vector<Halide::VarOrRVar> &outer) const {
        const Halide::RVar ro{"ro"}, ri{"ri"};
        std::vector<Halide::VarOrRVar> around{ro};
        around.insert(around.end(), outer.begin(), outer.end());
        Halide::Stage stage = sum.update(update);
        stage.split(r.x, ro, ri, step);
        in_registers(stage, op.c, op.t, {ri}, around);
        stage_values(op, sum, values, ro);
    }

private:
    /// A step of the values of a warp's tiles into shared memory.
    void stage_values(const WinogradConvolution &op, Halide::Func sum, Halide::Func values, Halide::RVar ro) const {
        const Halide::Var four{"four"}, ki{"ki"}, thread{"thread"};
        values.in(sum).compute_at(sum, ro).store_in(Halide::MemoryType::GPUShared)
            .reorder_storage(op.t, op.k)
            .bound_extent(op.k, step).bound_extent(op.t, tiles)
            .split(op.t, op.t, four, 4)
            .split(op.k, op.k, ki, warp_lanes / (tiles / 4))
            .reorder(four, op.k, op.t, ki)
            .fuse(op.t, ki, thread)
            .vectorize(four).unroll(op.k)
            .gpu_threads(thread);  // not lanes: threads wait for each other before they read
    }
};

/// One input's part of the products.
inline void winograd_warp_sums(WinogradConvolution &op, size_t input, const WinogradWarp &warp) {
    if (!op.in_blocks()) return warp.add(op, op.sum, int(input), op.r[input], op.values[input], {});
    Halide::Func &block_sum = op.block_sums[input];
    warp.in_registers(op.sum.update(int(input)), op.c, op.t, {}, {op.blocks[input].x});
    block_sum.compute_at(op.sum, op.blocks[input].x);
    warp.keep(block_sum, op.c);
    warp.in_registers(block_sum, op.c, op.t, {}, {});
    warp.add(op, block_sum, 0, op.r[input], op.values[input], {});
}

/// Tasks of tiles follow one another, as in schedules/gpu. Transforms of windows are kept tiles innermost, as products read
/// them: 8 threads side by side write 8 tiles of a channel.
inline void winograd_threads(WinogradConvolution &op, const Halide::Target &target, const Knobs &knobs) {
    using Halide::TailStrategy;
    const WinogradWarp warp(op, target, knobs);
    const int points = op.winograd.points();
    const Halide::Var block{"block"}, ci{"ci"}, to{"to"}, ti{"ti"}, element{"element"};
    const Halide::RVar task{"task"};

    winograd_result_threads(op, task, knobs.rows ? knobs.rows : 2048);

    op.products.compute_at(op.result, task).bound(op.u, 0, points).bound(op.v, 0, points);
    warp.widths.for_each(op.products, [&](Halide::Stage products, int channels) {
        products.split(op.c, block, ci, channels, TailStrategy::RoundUp)
            .split(ci, warp.cu, warp.lane, std::min(channels, warp_lanes))
            .split(op.t, to, ti, warp.tiles, TailStrategy::RoundUp)
            .reorder({warp.cu, ti, warp.lane, block, to, op.u, op.v, op.n})
            .unroll(warp.cu).unroll(ti)
            .never_partition_all()
            .fuse(op.u, op.v, element).fuse(element, op.n, element)
            .gpu_blocks(block, to, element);
        lanes(products, warp.lane, target);
    });
    op.sum.compute_at(op.products, block);
    warp.keep(op.sum, op.c);
    warp.in_registers(op.sum, op.c, op.t, {}, {});

    for (WinogradFilter &filter : op.filters) winograd_filter_threads(filter);
    for (size_t input = 0; input < op.values.size(); input++) {
        winograd_warp_sums(op, input, warp);
        op.values[input].compute_at(op.result, task)
            .reorder_storage({op.t, op.k, op.u, op.v, op.n})
            .bound(op.u, 0, points).bound(op.v, 0, points)
            .split(op.k, block, ci, channel_block, TailStrategy::RoundUp)
            .split(op.t, to, ti, 8, TailStrategy::RoundUp)
            .reorder({op.u, op.v, ti, ci, block, to, op.n})
            .unroll(op.u).unroll(op.v)
            .never_partition_all()
            .gpu_blocks(block, to, op.n).gpu_threads(ti, ci);
        op.columns[input].compute_at(op.values[input], ti).unroll(op.i).unroll(op.v);
    }
}

}  // namespace unet::generators
