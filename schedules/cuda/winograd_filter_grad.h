// What the schedules of Winograd's filter gradients share on CUDA: as schedules/gpu/winograd_filter_grad.h, but a warp for each
// product's tile.
#pragma once
#include "schedules/cuda/warp.h"
#include "schedules/gpu/winograd_filter_grad.h"

namespace unet::generators {

/// The sums of a chunk: 16 or 32 outputs times 16, 32 or 64 inputs in the registers of a warp. A lane has every 32nd input and all
/// outputs; steps of 16 tiles of the gradients pass through shared memory, of which a lane reads four outputs by one load.
struct FilterGradWarp {
    static constexpr int step = 16;  // tiles
    const Halide::Target &target;
    Halide::Expr inputs, blocks;  // of the layer
    Halide::Var ku{"k_unrolled"}, lane{"lane"}, bu{"block_unrolled"};

    /// `loops(stage, inputs, blocks)` for each tile of a warp. Only layers of 2^15 filters have enough large ones, 36 elements
    /// times 16, for the processors of a device.
    template<class Loops>
    void for_each_tile(Halide::Stage stage, Loops loops) const {
        const Halide::Expr many = inputs * blocks >= (1 << 15) / channel_block;
        loops(stage.specialize(inputs % 64 == 0 && blocks % 2 == 0 && many), 64, 2);
        loops(stage.specialize(inputs % 32 == 0), 32, 1);
        loops(stage, channel_block, 1);
    }

    /// The loops of a stage of the sums of a chunk; `inner`: those inside `lane`, `outer` around it.
    template<class Op>
    void chunk_loops(const Op &op, Halide::Stage stage, const std::vector<Halide::VarOrRVar> &inner,
                     const std::vector<Halide::VarOrRVar> &outer) const {
        for_each_tile(stage, [&](Halide::Stage of_tile, int inputs, int) {
            std::vector<Halide::VarOrRVar> order{op.ci, ku, op.block};
            order.insert(order.end(), inner.begin(), inner.end());
            order.push_back(lane);
            order.insert(order.end(), outer.begin(), outer.end());
            of_tile.split(op.k, ku, lane, std::min(inputs, warp_lanes))
                .reorder(order)
                .unroll(op.ci).unroll(ku).unroll(op.block);
            lanes(of_tile, lane, target);
        });
    }
};

/// A step of the gradients into shared memory.
template<class Op>
void share_gradients(const Op &op, Halide::RVar step) {
    const Halide::Var four{"four"}, to{"to"}, thread{"thread"};
    Halide::Func gradients = op.gradients;
    gradients.in(op.chunk_sum).compute_at(op.chunk_sum, step).store_in(Halide::MemoryType::GPUShared)
        .bound_extent(op.ci, channel_block).bound_extent(op.t, FilterGradWarp::step)
        .split(op.ci, op.ci, four, 4)
        .split(op.t, to, op.t, warp_lanes / (channel_block / 4))
        .reorder(four, to, op.block, op.ci, op.t)
        .fuse(op.ci, op.t, thread)
        .vectorize(four).unroll(to).unroll(op.block)
        .gpu_threads(thread);  // not lanes: threads wait for each other before they read
}

/// The sum of all chunks, and what goes into it.
template<class Op>
void element_warp_sums(const Op &op, const Halide::Target &target) {
    const auto layer = op.d_filter.output_buffer();
    const FilterGradWarp warp{.target = target, .inputs = layer.dim(3).extent(), .blocks = layer.dim(4).extent()};
    const Halide::Var ki{"k_inner"}, element{"element"};
    const Halide::RVar to{"to"}, ti{"ti"};
    Halide::Func sum = op.sum, chunk_sum = op.chunk_sum;

    sum.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.u, gradient_points).bound_extent(op.v, gradient_points);
    sum_threads(op, sum, 4, {});
    warp.for_each_tile(sum.update(), [&](Halide::Stage update, int inputs, int blocks) {
        update.split(op.k, op.k, ki, inputs)
            .split(ki, warp.ku, warp.lane, std::min(inputs, warp_lanes))
            .split(op.block, op.block, warp.bu, blocks)
            .fuse(op.u, op.v, element)
            .reorder({op.ci, warp.ku, warp.bu, warp.lane, op.k, op.block, element, op.chunks})
            .vectorize(op.ci, 4).unroll(op.ci).unroll(warp.ku).unroll(warp.bu)
            .never_partition_all()
            .gpu_blocks(op.k, op.block, element);
        lanes(update, warp.lane, target);
    });

    chunk_sum.compute_at(op.sum, op.k).store_in(Halide::MemoryType::Register).align_storage(op.k, warp_lanes);
    warp.chunk_loops(op, chunk_sum, {}, {});
    chunk_sum.update().split(op.tiles, to, ti, FilterGradWarp::step);
    warp.chunk_loops(op, chunk_sum.update(), {ti}, {to});
    share_gradients(op, to);
    transform_threads(op.gradients, op.gradient_columns, op);
    transform_threads(op.inputs, op.input_columns, op);
}

}  // namespace unet::generators
