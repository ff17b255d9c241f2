// up_conv2x2 on CUDA: a warp's registers hold the four taps of up to 64 channels for six input pixels of a row, while steps of 16
// input channels of these pass through shared memory; a lane reads a filter value for six multiply-adds.
#include "generators/up_conv2x2.h"
#include "schedules/cuda/warp.h"

namespace unet::generators {

namespace {

constexpr int up_conv_step = channel_block;  // input channels

/// A step of the input into shared memory, channels innermost, as it lies in memory.
void share_input(UpConv2x2 &op, Halide::Func in, Halide::RVar step, int pixels) {
    const Halide::Var k = in.args()[0], x = in.args()[1], thread{"thread"}, ki{"ki"};
    in.compute_at(op.sum, step).store_in(Halide::MemoryType::GPUShared)
        .bound_extent(k, up_conv_step).bound_extent(x, pixels)
        .fuse(k, x, thread)
        .split(thread, thread, ki, warp_lanes)
        .reorder(thread, ki)
        .unroll(thread)
        .gpu_threads(ki);
}

}  // namespace

void schedule(UpConv2x2 &op, const Halide::Target &target, const Knobs &knobs) {
    using Halide::TailStrategy;
    const int pixels = knobs.pixels ? knobs.pixels : 6;  // divides the padding of rows (src/kernels/image.h); even
    const WarpChannels channels(op.result.output_buffer().dim(0).extent());
    const Halide::Var block{"block"}, ci{"ci"}, cu{"cu"}, lane{"lane"}, xi{"xi"}, row{"row"};
    const Halide::RVar ko{"ko"}, ki{"ki"};

    op.result.compute_root().bound(op.i, 0, 2).bound(op.j, 0, 2);
    channels.for_each(op.result, [&](Halide::Stage result, int width) {
        result.split(op.c, block, ci, width, TailStrategy::RoundUp)
            .split(ci, cu, lane, std::min(width, warp_lanes))
            .split(op.x, op.x, xi, pixels, TailStrategy::RoundUp)
            .reorder({op.i, op.j, cu, xi, lane, block, op.x, op.y, op.n})
            .unroll(op.i).unroll(op.j).unroll(cu).unroll(xi)
            .fuse(op.y, op.n, row)
            .gpu_blocks(block, op.x, row);
        lanes(result, lane, target);
    });

    op.sum.compute_at(op.result, block).store_in(Halide::MemoryType::Register).align_storage(op.c, warp_lanes)
        .bound(op.i, 0, 2).bound(op.j, 0, 2).bound_extent(op.x, pixels).bound_extent(op.y, 1).bound_extent(op.n, 1);
    op.sum.update().split(op.k, ko, ki, up_conv_step);
    const auto loops = [&](Halide::Stage sum, const std::vector<Halide::VarOrRVar> &inner, const std::vector<Halide::VarOrRVar> &outer) {
        channels.for_each(sum, [&](Halide::Stage of_width, int width) {
            std::vector<Halide::VarOrRVar> order{op.i, op.j, cu, op.x};
            order.insert(order.end(), inner.begin(), inner.end());
            order.push_back(lane);
            order.insert(order.end(), outer.begin(), outer.end());
            of_width.split(op.c, cu, lane, std::min(width, warp_lanes))
                .reorder(order)
                .unroll(op.i).unroll(op.j).unroll(cu).unroll(op.x);
            lanes(of_width, lane, target);
        });
    };
    loops(op.sum, {}, {});
    loops(op.sum.update(), {ki}, {ko});
    share_input(op, op.in.in(op.sum), ko, pixels);
}

}  // namespace unet::generators
