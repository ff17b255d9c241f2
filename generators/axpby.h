// axpby: what is computed. How, on a given machine: schedules/<family>/axpby.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// A weighted sum, as the BLAS extension of its name has it: out(i) = a * x(i) + b * y(i). A buffer whose factor is 0 is left out,
/// whatever it holds: both factors 0 write zeros. `out` may be the very buffer of an input.
///
/// Shapes   all [size], a multiple of 16
struct Axpby {
    Halide::Var i{"i"};
    Halide::Func result{"out"};

    Axpby(Halide::Func x, Halide::Func y, Halide::Expr a, Halide::Expr b) {
        const Halide::Expr ax = a * x(i), by = b * y(i);
        result(i) = select(b == 0.0f, select(a == 0.0f, 0.0f, ax), select(a == 0.0f, by, ax + by));
    }
};
void schedule(Axpby &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
