// up_conv2x2_filter_grad: what is computed. How, on a given machine: schedules/<family>/up_conv2x2_filter_grad.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Gradients of up_conv2x2 to its filter and bias, for one sample.
///   d_filter(c, i, j, k) = sum_xy d_out(c, 2x + i, 2y + j) * in(k, x, y);   d_bias(c) = sum_xy d_out(c, x, y)
/// summed in a fixed tree, so that the bytes do not depend on threads: the pixels of 8 input rows, then over these strips.
///
/// Shapes   in [K, W, H, 1], d_out [C, 2W, 2H, 1] -> d_filter [16, 2, 2, K, C / 16], d_bias [C]; K a multiple of 16
struct UpConv2x2FilterGrad {
    static constexpr int strip_rows = 8;
    Halide::Var ci{"ci"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, strip{"strip"}, x{"x"}, y{"y"};
    Halide::RDom pixels, strips;  // x and row of a strip; strip
    Halide::Func packed{"packed"}, packed_in{"packed_in"}, strip_sum{"strip_sum"}, d_filter{"d_filter"};
    BiasGrad bias;

    UpConv2x2FilterGrad(Halide::Func in, Halide::Func d_out, Halide::Expr width, Halide::Expr height)
        : pixels(0, width, 0, strip_rows, "pixels"), strips(0, (height + strip_rows - 1) / strip_rows, "strips"),
          bias([=](Halide::Expr c, Halide::Expr x, Halide::Expr y) { return d_out(c, x, y, 0); }, 2 * width, 2 * height) {
        const Halide::Expr last = min(y, height - 1);
        packed(ci, i, j, x, y, block) = d_out(block * channel_block + ci, 2 * x + i, 2 * last + j, 0);
        packed_in(ci, x, y, block) = select(y < height, in(block * channel_block + ci, x, last, 0), 0.0f);

        const Halide::Expr row = strip * strip_rows + pixels.y;
        strip_sum(ci, i, j, k, block, strip) = 0.0f;
        strip_sum(ci, i, j, k, block, strip) +=
            packed(ci, i, j, pixels.x, row, block) * packed_in(k % channel_block, pixels.x, row, k / channel_block);
        d_filter(ci, i, j, k, block) = 0.0f;
        d_filter(ci, i, j, k, block) += strip_sum(ci, i, j, k, block, strips);
    }
};
void schedule(UpConv2x2FilterGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
