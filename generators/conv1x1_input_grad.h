// conv1x1_input_grad: what is computed. How, on a given machine: schedules/<family>/conv1x1_input_grad.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/relu_mask.h"

namespace unet::generators {

/// Gradient of conv1x1 to its input: d_in(k, x, y, n) = sum_c d_out(c, x, y, n) * filter(c, k).
/// If `relu`, `in` came out of a ReLU, and d_in is the gradient before that one: 0 where `in` is.
///
/// Shapes   in [K, W, H, N], d_out [C, W, H, N], filter [16, 1, 1, K, C / 16] -> d_in [K, W, H, N]
/// Halo     none
struct Conv1x1InputGrad {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"}, k{"k"}, block{"block"};
    Halide::RDom r;  // output channel
    Halide::Func turned{"turned"}, sum{"sum"}, result{"d_in"};

    Conv1x1InputGrad(Halide::Func d_out, Halide::Func filter, Halide::Func in, Halide::Expr relu,
                     Halide::Expr out_channels)
        : r(0, out_channels, "r") {
        turned(k, c, block) = filter_at(filter, c, 0, 0, block * channel_block + k);
        // c of the sum is the input channel of the layer: the roles of c and k are exchanged in a gradient to the
        // input.
        sum(c, x, y, n) = 0.0f;
        sum(c, x, y, n) += d_out(r, x, y, n) * turned(c % channel_block, r, c / channel_block);
        result(c, x, y, n) = masked(sum(c, x, y, n), in(c, x, y, n), relu);
    }
};
void schedule(Conv1x1InputGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
