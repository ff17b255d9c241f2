// Gradient of a bias: the same for every dense layer.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// d_bias(c) = sum_xy gradient(c, x, y): first along each row, then over the rows, whatever the number of threads.
///
/// Shapes   gradient [C, W, H] -> d_bias [C]
struct BiasGrad {
    Halide::Var c{"c"}, y{"y"};
    Halide::RDom row, rows;  // x; y
    Halide::Func row_sum{"row_sum"}, result{"d_bias"};

    template<class Gradient>
    BiasGrad(Gradient gradient, Halide::Expr width, Halide::Expr height) : row(0, width, "row"), rows(0, height, "rows") {
        row_sum(c, y) = 0.0f;
        row_sum(c, y) += gradient(c, row, y);
        result(c) = 0.0f;
        result(c) += row_sum(c, rows);
    }
};

}  // namespace unet::generators
