// conv3x3_pair: what is computed. How, on a given machine: schedules/<family>/conv3x3_pair.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Valid 3x3 convolution of the channel concatenation of two images that stay where they are: a skip connection without a copy.
///   out(c, x, y, n) = bias(c) + sum_kij a(k, x + i, y + j, n) * filter_a(c, i, j, k)
///                             + sum_kij b(k, x + i, y + j, n) * filter_b(c, i, j, k), then max(0, .) if `relu`.
///
/// Shapes   a [Ka, W + 2, H + 2, N], b [Kb, W + 2, H + 2, N], filters [16, 3, 3, Ka or Kb, C / 16], bias [C] -> out [C, W, H, N]
/// Halo     output columns [a, b) read input columns [a, b + 2)
/// Source   Ronneberger et al. 2015, figure 1, "copy and crop": the crop is the offset of `a`
struct Conv3x3Pair {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::RDom a, b;  // k, i, j
    Halide::Func sum{"sum"}, result{"out"};

    Conv3x3Pair(Halide::Func in_a, Halide::Func in_b, Halide::Func filter_a, Halide::Func filter_b, Halide::Func bias,
                Halide::Expr relu, Halide::Expr channels_a, Halide::Expr channels_b)
        : a(0, channels_a, 0, 3, 0, 3, "a"), b(0, channels_b, 0, 3, 0, 3, "b") {
        sum(c, x, y, n) = bias(c);
        sum(c, x, y, n) += in_a(a.x, x + a.y, y + a.z, n) * filter_at(filter_a, c, a.y, a.z, a.x);
        sum(c, x, y, n) += in_b(b.x, x + b.y, y + b.z, n) * filter_at(filter_b, c, b.y, b.z, b.x);
        result(c, x, y, n) = select(relu, max(sum(c, x, y, n), 0.0f), sum(c, x, y, n));
    }
};
void schedule(Conv3x3Pair &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
