// up_conv2x2_input_grad: what is computed. How, on a given machine: schedules/<family>/up_conv2x2_input_grad.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/relu_mask.h"

namespace unet::generators {

/// Gradient of up_conv2x2 to its input: d_in(k, x, y, n) = sum_cij d_out(c, 2x + i, 2y + j, n) * filter(c, i, j, k).
/// If `relu`, `in` came out of a ReLU, and d_in is the gradient before that one: 0 where `in` is.
///
/// Shapes   in [K, W, H, N], d_out [C, 2W, 2H, N], filter [16, 2, 2, K, C / 16] -> d_in [K, W, H, N]
/// Halo     output columns [a, b) read input columns [2a, 2b)
struct UpConv2x2InputGrad {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"}, i{"i"}, j{"j"}, k{"k"}, block{"block"};
    Halide::RDom r;  // output channel, column and row in the 2x2 cell
    Halide::Func turned{"turned"}, sum{"sum"}, result{"d_in"};

    UpConv2x2InputGrad(Halide::Func d_out, Halide::Func filter, Halide::Func in, Halide::Expr relu,
                       Halide::Expr out_channels)
        : r(0, out_channels, 0, 2, 0, 2, "r") {
        // Output channels follow one another, as the sum reads them.
        turned(k, c, i, j, block) = filter_at(filter, c, i, j, block * channel_block + k);
        // c of the sum is the input channel of the layer: the roles of c and k are exchanged in a gradient to the
        // input.
        sum(c, x, y, n) = 0.0f;
        sum(c, x, y, n) +=
            d_out(r.x, 2 * x + r.y, 2 * y + r.z, n) * turned(c % channel_block, r.x, r.y, r.z, c / channel_block);
        result(c, x, y, n) = masked(sum(c, x, y, n), in(c, x, y, n), relu);
    }
};
void schedule(UpConv2x2InputGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
