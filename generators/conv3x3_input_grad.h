// conv3x3_input_grad: what is computed. How, on a given machine: schedules/<family>/conv3x3_input_grad.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/relu_mask.h"

namespace unet::generators {

/// Gradient of conv3x3 to its input: a convolution of the zero-padded d_out with the turned filter.
///   d_in(k, x, y, n) = sum_cij masked(c, x - i, y - j, n) * filter(c, i, j, k); masked: generators/relu_mask.h
///
/// Shapes   d_out, out [C, W, H, N] (out: what the layer gave, for the ReLU), filter [16, 3, 3, K, C / 16] -> d_in [K, W + 2, H + 2, N]
/// Halo     output columns [a, b) read input columns [a - 2, b), 0 outside the image
struct Conv3x3InputGrad {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"}, i{"i"}, j{"j"}, k{"k"}, block{"block"};
    Halide::RDom r;  // output channel, tap column, tap row
    Halide::Func masked, turned{"turned"}, sum{"sum"}, result{"d_in"};

    Conv3x3InputGrad(Halide::Func d_out, Halide::Func out, Halide::Func filter, Halide::Expr relu, Halide::Expr out_channels,
                     Halide::Expr width, Halide::Expr height)
        : r(0, out_channels, 0, 3, 0, 3, "r") {
        masked = masked_gradient(d_out, out, relu, width, height);
        turned(k, i, j, c, block) = filter_at(filter, c, 2 - i, 2 - j, block * channel_block + k);
        // c of the sum is the input channel of the layer: the roles of c and k are exchanged in a gradient to the input.
        sum(c, x, y, n) = 0.0f;
        sum(c, x, y, n) += masked(r.x, x + r.y - 2, y + r.z - 2, n) * filter_at(turned, c, r.y, r.z, r.x);
        result(c, x, y, n) = sum(c, x, y, n);
    }
};
void schedule(Conv3x3InputGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
