// augment_labels: what is computed. How, on a given machine: schedules/<family>/augment_labels.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/warp.h"

namespace unet::generators {

/// Labels of a training sample out of their source, warped as augment_image warps the image: the value of the nearest
/// source pixel, that of the larger coordinate where two are as near. Positions outside the source are clamped.
///
/// Shapes   in [W', H'] -> out [W, H]
struct AugmentLabels {
    using Expr = Halide::Expr;
    Halide::Var x{"x"}, y{"y"};
    Warp warp;
    Halide::Func result{"out"};

    AugmentLabels(Halide::Func in, Warp warp, Expr width, Expr height) : warp(warp) {
        const auto nearest = [&](int d, Expr size) {
            return clamp(Halide::cast<int>(floor(warp.source(x, y, d) + 0.5f)), 0, size - 1);
        };
        result(x, y) = in(nearest(0, width), nearest(1, height));
    }
};
void schedule(AugmentLabels &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
