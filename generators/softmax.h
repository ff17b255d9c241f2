// The softmax that the last layer and the loss share; scheduled by the kernels it stands in.
#pragma once
#include "generators/layout.h"

namespace unet::generators {

/// Pixel-wise softmax: out(c) = exp(in(c) - m) / sum_c exp(in(c) - m), m the largest; 0 for the padding channels.
/// The exponential is Halide's polynomial, in vectors and scalars alike, so that every pixel gets the same code.
///
/// Shapes   in [C, W, H, N] with C >= classes -> out [C, W, H, N]
/// Source   Ronneberger et al. 2015, section 3
struct Softmax {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::RDom r;  // class
    Halide::Func largest{"largest"}, power{"power"}, total{"total"}, result{"out"};

    Softmax(Halide::Func in, Halide::Expr classes) : r(0, classes, "r") {
        largest(x, y, n) = in(0, x, y, n);
        largest(x, y, n) = max(largest(x, y, n), in(r, x, y, n));
        power(c, x, y, n) = select(c < classes, Halide::Internal::halide_exp(in(c, x, y, n) - largest(x, y, n)), 0.0f);
        total(x, y, n) = 0.0f;
        total(x, y, n) += power(r, x, y, n);
        result(c, x, y, n) = power(c, x, y, n) / total(x, y, n);
    }
};

}  // namespace unet::generators
