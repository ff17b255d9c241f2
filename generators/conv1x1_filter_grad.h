// conv1x1_filter_grad: what is computed. How, on a given machine: schedules/<family>/conv1x1_filter_grad.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Gradients of conv1x1 to its filter and bias, for one sample, or some of its rows, added to those of the rows above.
///   d_filter(c, k) = d_filter_above(c, k) + sum_xy d_out(c, x, y) * in(k, x, y)
///   d_bias(c)      = d_bias_above(c) + sum_xy d_out(c, x, y)
/// summed along each row first, then row after row, whatever the number of threads.
///
/// Shapes   in [K, W, H, 1], d_out [C, W, H, 1]; d_filter_above, d_filter [16, 1, 1, K, C / 16], d_bias_above, d_bias [C]:
///          may be the same buffer; K a multiple of 16
struct Conv1x1FilterGrad {
    Halide::Var ci{"ci"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, y{"y"};
    Halide::RDom row, rows;  // x; y
    Halide::Func row_sum{"row_sum"}, d_filter{"d_filter"};
    BiasGrad bias;

    Conv1x1FilterGrad(Halide::Func in, Halide::Func d_out, Halide::Func d_filter_above, Halide::Func d_bias_above, Halide::Expr width,
                      Halide::Expr height)
        : row(0, width, "row"), rows(0, height, "rows"),
          bias([=](Halide::Expr c, Halide::Expr x, Halide::Expr y) { return d_out(c, x, y, 0); }, width, height,
               d_bias_above) {
        row_sum(ci, k, block, y) = 0.0f;
        row_sum(ci, k, block, y) += d_out(block * channel_block + ci, row, y, 0) * in(k, row, y, 0);
        d_filter(ci, i, j, k, block) = d_filter_above(ci, i, j, k, block);
        d_filter(ci, i, j, k, block) += row_sum(ci, k, block, rows);
    }
};
void schedule(Conv1x1FilterGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
