// average_pool2x2_input_grad: what is computed. How, on a given machine:
// schedules/<family>/average_pool2x2_input_grad.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/relu_mask.h"

namespace unet::generators {

/// Gradient of average_pool2x2 to its input: a quarter of d_out to each pixel of its cell.
/// The level's other consumer, the skip connection, took a centre crop of the same image: its gradient d_skip is added
/// where it lies (its mins are the crop's offset), and counts as 0 elsewhere. If `relu`, `in` came out of a ReLU, and
/// d_in is the gradient before that one: 0 where `in` is.
///
/// Shapes   in [C, W, H, N], d_out [C, W / 2, H / 2, N], d_skip [C, any, any, N] -> d_in [C, W, H, N]
struct AveragePool2x2InputGrad {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::Func result{"d_in"};

    AveragePool2x2InputGrad(Halide::Func in, Halide::Func d_out, Halide::Func d_skip, Halide::Expr relu,
                            Halide::Expr width, Halide::Expr height) {
        const Halide::Expr cell_x = clamp(x / 2, 0, width - 1), cell_y = clamp(y / 2, 0, height - 1);
        const Halide::Expr pooled = x / 2 == cell_x && y / 2 == cell_y;
        result(c, x, y, n) = masked(select(pooled, d_out(c, cell_x, cell_y, n) * 0.25f, 0.0f) + d_skip(c, x, y, n),
                                    in(c, x, y, n), relu);
    }
};
void schedule(AveragePool2x2InputGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
