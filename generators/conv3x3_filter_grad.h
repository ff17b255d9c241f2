// conv3x3_filter_grad: what is computed. How, on a given machine: schedules/<family>/conv3x3_filter_grad.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/relu_mask.h"

namespace unet::generators {

/// Gradients of conv3x3 to its filter and bias, for one sample.
///   d_filter(c, i, j, k) = d_filter_above(c, i, j, k) + sum_xy masked(c, x, y) * in(k, x + i, y + j)
///   d_bias(c)            = d_bias_above(c) + sum_xy masked(c, x, y)
/// summed in a fixed tree, so that the bytes do not depend on threads: the pixels of 4 rows, then these, one after the
/// other, so that it makes no difference in how many calls of multiples of 4 rows an image is given.
///
/// Shapes   in [K, W + 2, H + 2, 1], d_out, out [C, W, H, 1]; d_filter_above, d_filter [16, 3, 3, K, C / 16],
///          d_bias_above, d_bias [C]: may be the same buffer; K is a multiple of 16, or anything when `thin`, the form for
///          the network's own input
struct Conv3x3FilterGrad {
    static constexpr int strip_rows = 4;
    bool thin;
    Halide::Var ci{"ci"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, strip{"strip"}, x{"x"}, y{"y"};
    Halide::RDom pixels, strips;  // x and row of a strip; strip
    Halide::Func masked, packed{"packed"}, packed_in{"packed_in"};
    Halide::Func strip_sum{"strip_sum"}, d_filter{"d_filter"};
    std::optional<BiasGrad> bias;

    Conv3x3FilterGrad(Halide::Func in, Halide::Func d_out, Halide::Func out, Halide::Expr relu, Halide::Func d_filter_above,
                      Halide::Func d_bias_above, Halide::Expr width, Halide::Expr height, bool thin)
        : thin(thin), pixels(0, width, 0, strip_rows, "pixels"), strips(0, (height + strip_rows - 1) / strip_rows, "strips") {
        using Halide::Expr;
        masked = masked_gradient(d_out, out, relu, width, height);  // 0 below the last row
        packed(ci, x, y, block) = masked(block * channel_block + ci, x, y, 0);
        packed_in(ci, x, y, block) = in(block * channel_block + ci, x, min(y, height + 1), 0);

        const Expr y0 = strip * strip_rows + pixels.y;
        const Expr input = thin ? in(k, pixels.x + i, min(y0 + j, height + 1), 0)
                                : packed_in(k % channel_block, pixels.x + i, y0 + j, k / channel_block);
        strip_sum(ci, i, j, k, block, strip) = 0.0f;
        strip_sum(ci, i, j, k, block, strip) += packed(ci, pixels.x, y0, block) * input;
        d_filter(ci, i, j, k, block) = d_filter_above(ci, i, j, k, block);
        d_filter(ci, i, j, k, block) += strip_sum(ci, i, j, k, block, strips);

        bias.emplace([this](Expr c, Expr x, Expr y) { return masked(c, x, y, 0); }, width, height, d_bias_above);
    }
};
void schedule(Conv3x3FilterGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
