// softmax_loss: what is computed. How, on a given machine: schedules/<family>/softmax_loss.cpp.
#pragma once
#include "generators/softmax.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Weighted cross-entropy of the pixel-wise softmax, and its gradient, in one pass. With w = weight where label < classes, else 0:
///   row_loss(y, n) = sum_x w * (log(sum_c exp(in(c))) - in(label)),   d_in(c) = scale * w * (softmax(c) - [c == label]).
/// A label >= classes (255) marks a pixel that counts nothing. `scale` is 1 / sum of the weights of the sample.
///
/// Shapes   in [C, W, H, N] with C >= classes, label u8 [W, H, N], weight [W, H, N] -> d_in [C, W, H, N], row_loss [H, N]
/// Source   Ronneberger et al. 2015, equation 1
struct SoftmaxLoss {
    Softmax softmax;
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::RDom row;  // x
    Halide::Func counted{"counted"}, loss{"loss"}, d_in{"d_in"}, row_loss{"row_loss"};

    SoftmaxLoss(Halide::Func in, Halide::Func label, Halide::Func weight, Halide::Expr classes, Halide::Expr scale, Halide::Expr width)
        : softmax(in, classes), row(0, width, "row") {
        using Halide::cast;
        counted(x, y, n) = select(cast<int>(label(x, y, n)) < classes, weight(x, y, n), 0.0f);
        d_in(c, x, y, n) = scale * counted(x, y, n) *
                           (softmax.result(c, x, y, n) - select(c == cast<int>(label(x, y, n)), 1.0f, 0.0f));
        const Halide::Expr own = in(clamp(cast<int>(label(x, y, n)), 0, classes - 1), x, y, n);
        loss(x, y, n) = counted(x, y, n) *
                        (Halide::Internal::halide_log(softmax.total(x, y, n)) + softmax.largest(x, y, n) - own);
        row_loss(y, n) = 0.0f;
        row_loss(y, n) += loss(row, y, n);
    }
};
void schedule(SoftmaxLoss &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
