// conv3x3_input_grad_winograd: what is computed. How, on a given machine:
// schedules/<family>/conv3x3_input_grad_winograd.cpp.
#pragma once
#include "generators/relu_mask.h"
#include "generators/winograd_convolution.h"

namespace unet::generators {

/// Where the gradient to the input is a convolution of d_out, its pixels: with two zeros all round.
inline Pixel padded_pixels(Halide::Func d_out) {
    return [d_out](Halide::Expr c, Halide::Expr x, Halide::Expr y, Halide::Expr n) { return d_out(c, x - 2, y - 2, n); };
}

inline Halide::Func no_bias() {
    Halide::Func zero("no_bias");
    zero(Halide::_0) = 0.0f;
    return zero;
}

/// conv3x3_input_grad in its Winograd form: a convolution of d_out, with two zeros all round, and the turned filter.
/// d_out is the gradient before the layer's own ReLU. If `relu`, `in` came out of a ReLU, and d_in is the gradient
/// before that one: so each mask is applied once, where a gradient is written, and not in each window that reads it.
/// `deep`: as in conv3x3_winograd.
///
/// Shapes   d_out [C, from -2, from -2, N], 0 outside the image; filter [16, C, m + 2, m + 2, K / 16] as
///          winograd_turned_filter gives it, deep: [16, 3, 3, K, C / 16] of the layer; in [K, m TX, m TY, N]
///          -> d_in [K, m, TX, m, TY, N]: whole tiles
struct Conv3x3InputGradWinograd : WinogradConvolution {
    Conv3x3InputGradWinograd(int m, Halide::Func d_out, Halide::Func filter, Halide::Func in, Halide::Expr relu,
                             Halide::Expr channels, Halide::Expr tiles_x, Halide::Expr tiles_y, bool deep)
        : WinogradConvolution(m, {{padded_pixels(d_out), filter_of(filter, m, deep, true), channels}}, no_bias(),
                              mask(in, relu), tiles_x, tiles_y, "d_in") {}

private:
    static Finish mask(Halide::Func in, Halide::Expr relu) {
        return [=](Halide::Expr value, Halide::Expr c, Halide::Expr x, Halide::Expr y, Halide::Expr n) {
            return masked(value, in(c, x, y, n), relu);
        };
    }
};
void schedule(Conv3x3InputGradWinograd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
