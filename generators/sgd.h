// sgd: what is computed. How, on a given machine: schedules/<family>/sgd.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// One step of stochastic gradient descent with momentum, as PyTorch does it (no dampening, no Nesterov):
///   new_momentum = mu * momentum + gradient,   new_weight = weight - rate * new_momentum.
/// Outputs may be the very buffers of the inputs: each element is read before it is written.
///
/// Shapes   all [size], a multiple of 16
/// Source   Ronneberger et al. 2015, section 3, momentum 0.99
struct Sgd {
    Halide::Var i{"i"};
    Halide::Func result{"moved"};  // (new weight, new momentum)

    Sgd(Halide::Func weight, Halide::Func momentum, Halide::Func gradient, Halide::Expr rate, Halide::Expr mu) {
        const Halide::Expr moved = mu * momentum(i) + gradient(i);
        result(i) = Halide::Tuple(weight(i) - rate * moved, moved);
    }
};
void schedule(Sgd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
