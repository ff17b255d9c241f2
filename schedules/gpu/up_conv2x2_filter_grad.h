// What the schedules of up_conv2x2_filter_grad share on GPUs.
#pragma once
#include "generators/layout.h"
#include <vector>

namespace unet::generators {

/// `packed`(channel, p, ..., block, chunk): a thread per channel and pixel, over the taps.
inline void pack_threads(Halide::Func packed) {
    const std::vector<Halide::Var> args = packed.args();
    const Halide::Var channel = args[0], p = args[1], block = args[args.size() - 2], chunk = args.back(), pi{"pi"};
    std::vector<Halide::VarOrRVar> order(args.begin() + 2, args.end() - 2);
    order.insert(order.end(), {channel, pi, p, block, chunk});
    packed.compute_root()
        .bound_extent(channel, channel_block)
        .split(p, p, pi, 8, Halide::TailStrategy::GuardWithIf)
        .reorder(order)
        .gpu_blocks(p, block, chunk).gpu_threads(channel, pi);
}

}  // namespace unet::generators
