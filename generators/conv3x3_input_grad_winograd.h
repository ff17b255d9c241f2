// conv3x3_input_grad_winograd: what is computed. How, on a given machine:
// schedules/<family>/conv3x3_input_grad_winograd.cpp.
#pragma once
#include "generators/relu_mask.h"
#include "generators/winograd_convolution.h"

namespace unet::generators {

/// conv3x3_input_grad in its Winograd form: a convolution of the masked d_out, with two zeros all round, and the turned
/// filter.
///
/// Shapes   d_out, out [C, W, H, N], filter [16, C, m + 2, m + 2, K / 16] as winograd_turned_filter gives it
///          -> d_in [K, m, TX, m, TY, N]: whole tiles over W + 2 columns and H + 2 rows
struct Conv3x3InputGradWinograd : WinogradConvolution {
    Conv3x3InputGradWinograd(int m, Halide::Func d_out, Halide::Func out, Halide::Func filter, Halide::Expr relu,
                             Halide::Expr channels, Halide::Expr width, Halide::Expr height, Halide::Expr tiles_x,
                             Halide::Expr tiles_y)
        : WinogradConvolution(m, {{padded(masked_gradient(d_out, out, relu, width, height)), filter, channels}},
                              no_bias(), false, tiles_x, tiles_y, "d_in") {}

private:
    static Pixel padded(Halide::Func masked) {
        return [masked](Halide::Expr c, Halide::Expr x, Halide::Expr y, Halide::Expr n) {
            return masked(c, x - 2, y - 2, n);
        };
    }
    static Halide::Func no_bias() {
        Halide::Func zero("no_bias");
        zero(Halide::_0) = 0.0f;
        return zero;
    }
};
void schedule(Conv3x3InputGradWinograd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
