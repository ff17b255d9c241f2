// adam: what is computed. How, on a given machine: schedules/<family>/adam.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// One step of AdamW, as PyTorch does it (no AMSGrad); of Adam where `keep` is 1:
///   new_mean = mean + a * (gradient - mean),   new_square = square + b * (gradient^2 - square),
///   new_weight = keep * weight - step * new_mean / (sqrt(new_square) / root + epsilon).
/// a = 1 - beta1 and b = 1 - beta2 come rounded once: 1 - 0.999 in float32 would be wrong by 1e-5. `step` is
/// rate / (1 - beta1^t) and `root` is sqrt(1 - beta2^t) for the t-th step: the corrections of the moments' bias towards
/// 0 are the caller's. `keep` is 1 - rate * weight decay. Outputs may be the very buffers of the inputs.
///
/// Shapes   all [size], a multiple of 16
/// Source   Kingma, Ba 2015, algorithm 1; Loshchilov, Hutter 2019, algorithm 2
struct Adam {
    Halide::Var i{"i"};
    Halide::Func result{"moved"};  // (new weight, new mean, new square)

    Adam(Halide::Func weight, Halide::Func mean, Halide::Func square, Halide::Func gradient, Halide::Expr step,
         Halide::Expr root, Halide::Expr a, Halide::Expr b, Halide::Expr epsilon, Halide::Expr keep) {
        const Halide::Expr g = gradient(i);
        const Halide::Expr new_mean = mean(i) + a * (g - mean(i));
        const Halide::Expr new_square = square(i) + b * (g * g - square(i));
        const Halide::Expr moved = keep * weight(i) - step * (new_mean / (sqrt(new_square) / root + epsilon));
        result(i) = Halide::Tuple(moved, new_mean, new_square);
    }
};
void schedule(Adam &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
