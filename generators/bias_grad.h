// Gradient of a bias: the same for every dense layer.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// d_bias(c) = before(c) + sum_xy gradient(c, x, y): first along each row, then row after row, whatever the number of
/// threads. `before`: of rows above these; 0 if undefined.
///
/// Shapes   gradient [C, W, H], before [C] -> d_bias [C]
struct BiasGrad {
    Halide::Var c{"c"}, y{"y"};
    Halide::RDom row, rows;  // x; y
    Halide::Func row_sum{"row_sum"}, result{"d_bias"};

    template<class Gradient>
    BiasGrad(Gradient gradient, Halide::Expr width, Halide::Expr height, Halide::Func before = Halide::Func())
        : row(0, width, "row"), rows(0, height, "rows") {
        row_sum(c, y) = 0.0f;
        row_sum(c, y) += gradient(c, row, y);
        result(c) = before.defined() ? Halide::Expr(before(c)) : 0.0f;
        result(c) += row_sum(c, rows);
    }
};

}  // namespace unet::generators
