// dice_input_grad: what is computed. How, on a given machine: schedules/<family>/dice_input_grad.cpp.
#pragma once
#include "generators/softmax.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Gradient, by the scores, of a function of dice_sums plus a share of softmax_loss. With p = softmax(in), t = [c == label],
/// w = weight where label < classes, else 0, and g = by_overlap(c) * t + by_size(c), the function's slope in p:
///   d_in(c) = w * (p * (g - sum_k p(k) g(k)) + scale * (p - t)).
///
/// Shapes   in [C, W, H, N] with C >= classes, label u8 [W, H, N], weight [W, H, N], by_overlap, by_size [C], 0 in the padding
///          -> d_in [C, W, H, N]
/// Source   chain rule through the softmax
struct DiceInputGrad {
    Softmax softmax;
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::Func mean{"mean"}, d_in{"d_in"};

    DiceInputGrad(Halide::Func in, Halide::Func label, Halide::Func weight, Halide::Expr classes, Halide::Func by_overlap,
                  Halide::Func by_size, Halide::Expr scale)
        : softmax(in, classes) {
        const Halide::Expr is = Halide::cast<int>(label(x, y, n)), k = softmax.r;
        const auto slope = [&](Halide::Expr c) { return select(c == is, by_overlap(c), 0.0f) + by_size(c); };
        mean(x, y, n) = 0.0f;
        mean(x, y, n) += softmax.result(k, x, y, n) * slope(k);
        const Halide::Expr p = softmax.result(c, x, y, n), t = select(c == is, 1.0f, 0.0f);
        d_in(c, x, y, n) = select(is < classes, weight(x, y, n), 0.0f) * (p * (slope(c) - mean(x, y, n)) + scale * (p - t));
    }
};
void schedule(DiceInputGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
