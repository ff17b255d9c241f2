// The backward side of a fused ReLU.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// The gradient to an image that came out of a ReLU, if `relu`: 0 where the image is.
inline Halide::Expr masked(const Halide::Expr &gradient, const Halide::Expr &pixel, const Halide::Expr &relu) {
    return select(!relu || pixel > 0.0f, gradient, 0.0f);
}

/// Gradient before the ReLU: d_out where the layer's output was positive, 0 elsewhere; d_out itself without `relu`.
/// Also 0 outside the image, so that a full-padding convolution may read it anywhere.
///
/// Shapes   d_out, out [C, W, H, N] -> [C, any, any, N]
inline Halide::Func masked_gradient(Halide::Func d_out, Halide::Func out, Halide::Expr relu, Halide::Expr width,
                                    Halide::Expr height) {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::Func masked{"masked"};
    const Halide::Expr xc = clamp(x, 0, width - 1), yc = clamp(y, 0, height - 1);
    const Halide::Expr inside = x == xc && y == yc;
    masked(c, x, y, n) = select(inside && (!relu || out(c, xc, yc, n) > 0.0f), d_out(c, xc, yc, n), 0.0f);
    return masked;
}

}  // namespace unet::generators
