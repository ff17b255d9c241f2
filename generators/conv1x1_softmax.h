// conv1x1_softmax: what is computed. How, on a given machine: schedules/<family>/conv1x1_softmax.cpp.
#pragma once
#include "generators/conv1x1.h"
#include "generators/softmax.h"
#include "generators/storage.h"

namespace unet::generators {

/// The network's last layer in one pass: the class scores of conv1x1 or, if `probabilities`, their softmax. Only what
/// the caller wants is written: the classes, without padding.
///
/// Shapes   in [K, W, H, N], filter [16, 1, 1, K, C / 16], bias [C] with C >= classes -> out [classes, W, H, N],
///          float32 however `in` is stored
struct Conv1x1Softmax {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Conv1x1 scores;
    Softmax softmax;
    Halide::Func result{"out"};

    /// `in_width`: of `in`; strips of pixels may run past it, and then read its last column again.
    Conv1x1Softmax(Halide::Func in, Halide::Func filter, Halide::Func bias, Halide::Expr in_channels,
                   Halide::Expr in_width, Halide::Expr classes, Halide::Expr probabilities)
        : scores(up_to(in, in_width), filter, bias, in_channels), softmax(scores.result, classes) {
        result(c, x, y, n) = select(probabilities, softmax.result(c, x, y, n), scores.result(c, x, y, n));
    }

private:
    static Halide::Func up_to(Halide::Func in, Halide::Expr width) {
        const Halide::Var k, x, y, n;
        Halide::Func pixels("pixels");
        pixels(k, x, y, n) = Halide::cast<float>(in(k, min(x, width - 1), y, n));
        return pixels;
    }
};
void schedule(Conv1x1Softmax &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
