// dice_sums: what is computed. How, on a given machine: schedules/<family>/dice_sums.cpp.
#pragma once
#include "generators/softmax.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// What the soft Dice index of each class is made of, row by row. With p = softmax(in), t = [c == label], w = weight where
/// label < classes, else 0:
///   overlap(c, y, n) = sum_x w * p * t,   size(c, y, n) = sum_x w * (p + t).
///
/// Shapes   in [C, W, H, N] with C >= classes, label u8 [W, H, N], weight [W, H, N] -> overlap, size [C, H, N]
/// Source   Milletari et al. 2016, section 3, with sizes in the place of squares; weighted by pixels
struct DiceSums {
    Softmax softmax;
    Halide::Var c{"c"}, y{"y"}, n{"n"};
    Halide::RDom row;  // x
    Halide::Func overlap{"overlap"}, size{"size"};

    DiceSums(Halide::Func in, Halide::Func label, Halide::Func weight, Halide::Expr classes, Halide::Expr width)
        : softmax(in, classes), row(0, width, "row") {
        const Halide::Expr is = Halide::cast<int>(label(row, y, n));
        const Halide::Expr counted = select(is < classes, weight(row, y, n), 0.0f);
        const Halide::Expr p = softmax.result(c, row, y, n), t = select(c == is, 1.0f, 0.0f);
        overlap(c, y, n) = 0.0f;
        overlap(c, y, n) += counted * p * t;
        size(c, y, n) = 0.0f;
        size(c, y, n) += counted * (p + t);
    }
};
void schedule(DiceSums &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
