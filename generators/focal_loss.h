// focal_loss: what is computed. How, on a given machine: schedules/<family>/focal_loss.cpp.
#pragma once
#include "generators/softmax.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Weighted cross-entropy that looks away from what is already right, and its gradient, in one pass. With
/// p = softmax(label), w = weight where label < classes, else 0:
///   row_loss(y, n) = -sum_x w * (1 - p)^focus * log(p),
///   d_in(c) = scale * w * ((1 - p)^focus - focus * p * (1 - p)^(focus - 1) * log(p)) * (softmax(c) - [c == label]).
/// focus 0 is softmax_loss. `scale` is 1 / sum of the weights of the sample.
///
/// Shapes   in [C, W, H, N] with C >= classes, label u8 [W, H, N], weight [W, H, N] -> d_in [C, W, H, N], row_loss [H, N]
/// Source   Lin et al. 2017, equation 4
struct FocalLoss {
    Softmax softmax;
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::RDom row;  // x
    Halide::Func counted{"counted"}, log_p{"log_p"}, factor{"factor"}, loss{"loss"}, d_in{"d_in"}, row_loss{"row_loss"};

    FocalLoss(Halide::Func in, Halide::Func label, Halide::Func weight, Halide::Expr classes, Halide::Expr focus,
              Halide::Expr scale, Halide::Expr width)
        : softmax(in, classes), row(0, width, "row") {
        using Halide::cast, Halide::Internal::halide_exp, Halide::Internal::halide_log;
        const Halide::Expr is = cast<int>(label(x, y, n));
        counted(x, y, n) = select(is < classes, weight(x, y, n), 0.0f);
        log_p(x, y, n) =
            in(clamp(is, 0, classes - 1), x, y, n) - softmax.largest(x, y, n) - halide_log(softmax.total(x, y, n));
        const Halide::Expr p = halide_exp(log_p(x, y, n));
        const Halide::Expr log_wrong = halide_log(max(1 - p, 1e-30f));  // a power of 0 is 0 all the same
        const Halide::Expr power = halide_exp(focus * log_wrong);
        const Halide::Expr slope = focus * p * halide_exp((focus - 1) * log_wrong);
        factor(x, y, n) = scale * counted(x, y, n) * (power - slope * log_p(x, y, n));
        loss(x, y, n) = -counted(x, y, n) * power * log_p(x, y, n);
        d_in(c, x, y, n) = factor(x, y, n) * (softmax.result(c, x, y, n) - select(c == is, 1.0f, 0.0f));
        row_loss(y, n) = 0.0f;
        row_loss(y, n) += loss(row, y, n);
    }
};
void schedule(FocalLoss &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
