// What schedules for CUDA share: loops over the lanes of a warp.
#pragma once
#include "generators/layout.h"

namespace unet::generators {

constexpr int warp_lanes = 32;

/// The loop `lane` over the lanes of a warp, which may keep Funcs in their registers from one loop to the next. OpenCL has
/// threads for them, with the same results: so tests see what CUDA is given computed, on machines without it.
inline void lanes(Halide::Stage stage, const Halide::VarOrRVar &lane, const Halide::Target &target) {
    if (target.has_feature(Halide::Target::CUDA)) stage.gpu_lanes(lane);
    else stage.gpu_threads(lane);
}

/// How many output channels of a layer a warp computes: 64, two a lane, or as many as they are a multiple of.
struct WarpChannels {
    Halide::Expr channels;

    explicit WarpChannels(const Halide::Expr &channels) : channels(channels) {}

    /// `loops(stage, width)` for each number.
    template<class Loops>
    void for_each(Halide::Stage stage, Loops loops) const {
        for (int width : {64, 32}) loops(stage.specialize(channels % width == 0), width);
        loops(stage, channel_block);
    }
};

}  // namespace unet::generators
