// conv1x1: what is computed. How, on a given machine: schedules/<family>/conv1x1.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Pixel-wise linear layer, the class scores: out(c, x, y, n) = bias(c) + sum_k in(k, x, y, n) * filter(c, k).
///
/// Shapes   in [K, W, H, N], filter [16, 1, 1, K, C / 16], bias [C] -> out [C, W, H, N]; no ReLU
/// Halo     none
/// Source   Ronneberger et al. 2015, section 2, "a 1x1 convolution is used to map each feature vector to the classes"
struct Conv1x1 {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::RDom k;
    Halide::Func sum{"sum"}, result{"out"};

    Conv1x1(Halide::Func in, Halide::Func filter, Halide::Func bias, Halide::Expr in_channels) : k(0, in_channels, "k") {
        sum(c, x, y, n) = bias(c);
        sum(c, x, y, n) += in(k, x, y, n) * filter_at(filter, c, 0, 0, k);
        result(c, x, y, n) = sum(c, x, y, n);
    }
};
void schedule(Conv1x1 &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
