// conv3x3_pair_input_grad_winograd: what is computed. How, on a given machine:
// schedules/<family>/conv3x3_pair_input_grad_winograd.cpp.
#pragma once
#include "generators/conv3x3_input_grad_winograd.h"

namespace unet::generators {

/// Gradients of conv3x3_pair to both inputs, of K channels each, as conv3x3_input_grad_winograd: the windows of d_out are
/// transformed once for both. No mask, since no input comes straight from a ReLU.
///
/// Shapes   d_out [C, from -2, from -2, 1], 0 outside the image; filter [16, C, m + 2, m + 2, 2 K / 16], that of one
///          input behind the other's -> d_in [K, m, TX, m, TY, 2]: two images, which may lie anywhere
struct Conv3x3PairInputGradWinograd : WinogradConvolution {
    Conv3x3PairInputGradWinograd(int m, Halide::Func d_out, Halide::Func filter, Halide::Expr channels,
                                 Halide::Expr in_channels, Halide::Expr tiles_x, Halide::Expr tiles_y)
        : WinogradConvolution(m, {{padded_pixels(d_out), filter, channels, in_channels}}, no_bias(), relu_if(false),
                              tiles_x, tiles_y, "d_in") {}
};
void schedule(Conv3x3PairInputGradWinograd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
