// up_conv2x2_filter_grad on CUDA: as on other GPUs, but a warp's registers hold the sums of a row of taps for 16 output and up to 64
// input channels, while steps of 8 pixels of the gradient pass through shared memory.
#include "generators/up_conv2x2_filter_grad.h"
#include "schedules/cuda/warp.h"
#include "schedules/gpu/bias_grad.h"
#include "schedules/gpu/filter_grad.h"
#include "schedules/gpu/up_conv2x2_filter_grad.h"

namespace unet::generators {

namespace {

constexpr int gradient_step = 8;  // pixels

struct RowOfTaps {
    const Halide::Target &target;
    WarpChannels inputs;
    Halide::Var ku{"k_unrolled"}, lane{"lane"};

    /// The loops of a stage of sums (ci, i, j, k, block, ...) in registers; `inner`: those inside `lane`, `outer` around it.
    void loops(const UpConv2x2FilterGrad &op, Halide::Stage stage, const std::vector<Halide::VarOrRVar> &inner,
               const std::vector<Halide::VarOrRVar> &outer) const {
        inputs.for_each(stage, [&](Halide::Stage of_width, int width) {
            std::vector<Halide::VarOrRVar> order{op.ci, op.i, ku};
            order.insert(order.end(), inner.begin(), inner.end());
            order.push_back(lane);
            order.insert(order.end(), outer.begin(), outer.end());
            of_width.split(op.k, ku, lane, std::min(width, warp_lanes))
                .reorder(order)
                .unroll(op.ci).unroll(op.i).unroll(ku);
            lanes(of_width, lane, target);
        });
    }
    void keep(const UpConv2x2FilterGrad &op, Halide::Func sum) const {
        sum.store_in(Halide::MemoryType::Register).align_storage(op.k, warp_lanes)
            .bound_extent(op.ci, channel_block).bound_extent(op.i, 2).bound_extent(op.j, 1).bound_extent(op.block, 1);
    }
};

/// A step of the gradient into shared memory.
void share_gradient(UpConv2x2FilterGrad &op, Halide::RVar step) {
    const Halide::Var four{"four"}, thread{"thread"};
    op.packed.in(op.chunk_sum).compute_at(op.chunk_sum, step).store_in(Halide::MemoryType::GPUShared)
        .bound_extent(op.ci, channel_block).bound_extent(op.p, gradient_step).bound_extent(op.i, 2)
        .bound_extent(op.j, 1).bound_extent(op.block, 1).bound_extent(op.chunk, 1)
        .split(op.ci, op.ci, four, 4)
        .reorder({four, op.i, op.j, op.ci, op.p})
        .fuse(op.ci, op.p, thread)
        .vectorize(four).unroll(op.i)
        .gpu_threads(thread);  // not lanes: threads wait for each other before they read
}

}  // namespace

void schedule(UpConv2x2FilterGrad &op, const Halide::Target &target, const Knobs &) {
    const Halide::Var ki{"k_inner"}, place{"place"}, row{"row"};
    const Halide::RVar po{"po"}, pi{"pi"};
    const RowOfTaps taps{.target = target, .inputs = WarpChannels(op.d_filter.output_buffer().dim(3).extent())};

    element_threads(op.d_filter, 2);

    Halide::Func part_sums = op.part_sum.in();
    part_sums.compute_root()
        .bound_extent(op.ci, channel_block).bound_extent(op.i, 2).bound_extent(op.j, 2);
    taps.inputs.for_each(part_sums, [&](Halide::Stage sums, int width) {
        sums.split(op.k, op.k, ki, width)
            .split(ki, taps.ku, taps.lane, std::min(width, warp_lanes))
            .reorder({op.ci, op.i, taps.ku, taps.lane, op.k, op.j, op.block, op.part})
            .unroll(op.ci).unroll(op.i).unroll(taps.ku)
            .fuse(op.block, op.part, place)
            .gpu_blocks(op.k, op.j, place);
        lanes(sums, taps.lane, target);
    });

    op.part_sum.compute_at(part_sums, op.k);
    taps.keep(op, op.part_sum);
    taps.loops(op, op.part_sum, {}, {});
    taps.loops(op, op.part_sum.update(), {}, {op.chunks});
    op.chunk_sum.compute_at(op.part_sum, op.chunks);
    taps.keep(op, op.chunk_sum);
    taps.loops(op, op.chunk_sum, {}, {});
    op.chunk_sum.update().split(op.pixels, po, pi, gradient_step);
    taps.loops(op, op.chunk_sum.update(), {pi}, {po});
    share_gradient(op, po);

    pack_threads(op.packed);
    pack_threads(op.packed_in);
    schedule(op.bias);
}

}  // namespace unet::generators
