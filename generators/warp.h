// Where the pixels of a training sample come from: an affine map, a smooth displacement, and a cut.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// Position of pixel (x, y) of a sample in its source, in source pixels:
///
///   affine(., 0) . (x, y, 1) + sum_ij columns(x, i) rows(y, j) grid(i, j, .)
///     + (step, where cut . (x, y, 1) > 0)
///
/// The displacement is given at the nodes of a coarse grid; `columns` and `rows` hold how much each node counts at each
/// column and row: the bicubic interpolation, whose two factors are known once per column and row.
///
/// Sums are strict_float: LLVM would join and order them in another way on AVX-512 than on AVX2 (seen on Zen 5).
///
/// Shapes   affine [3, 2]; grid [I, J, 2]; columns [W, I]; rows [H, J]; cut [3]; step [2]; components: x, y
struct Warp {
    using Expr = Halide::Expr;
    Halide::Var x{"x"}, y{"y"}, i{"i"}, d{"d"};
    Halide::Func row_grid{"row_grid"}, shift{"shift"};  ///< the grid of one row of pixels; the displacement

    Warp(Halide::Func affine, Halide::Func grid, Halide::Func columns, Halide::Func rows, Halide::Func cut,
         Halide::Func step, Expr columns_of_grid, Expr rows_of_grid)
        : affine_(affine), cut_(cut), step_(step) {
        const Halide::RDom j(0, rows_of_grid, "j"), k(0, columns_of_grid, "k");
        row_grid(i, d, y) = 0.0f;
        row_grid(i, d, y) = strict_float(row_grid(i, d, y) + rows(y, j) * grid(i, j, d));
        shift(x, d, y) = 0.0f;
        shift(x, d, y) = strict_float(shift(x, d, y) + columns(x, k) * row_grid(k, d, y));
    }

    /// Component `d` of the position of (x, y).
    Expr source(Expr x, Expr y, int d) const {
        const auto linear = [&](Expr a, Expr b, Expr c) { return a * x + b * y + c; };
        const Expr beyond = linear(cut_(0), cut_(1), cut_(2)) > 0.0f;
        return strict_float(linear(affine_(0, d), affine_(1, d), affine_(2, d)) + shift(x, d, y) +
                            select(beyond, step_(d), 0.0f));
    }

private:
    Halide::Func affine_, cut_, step_;
};

}  // namespace unet::generators
