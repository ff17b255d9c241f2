// dropout: what is computed. How, on a given machine: schedules/<family>/dropout.cpp.
#pragma once
#include "generators/hash.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Inverted dropout: out = in / (1 - rate) where an element is kept, 0 elsewhere. Which are kept is a function of
/// (seed, c, x, y) only. Its own adjoint: the same call turns d_out into d_in. `out` may be the very buffer of `in`.
///
/// Shapes   in [C, W, H, N] -> out [C, W, H, N]; x and y below 65536; one tile in a batch (N = 1) per seed
/// Source   Ronneberger et al. 2015, section 3.1; Srivastava et al. 2014
struct Dropout {
    using Expr = Halide::Expr;
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::Func result{"out"};

    /// `threshold` is rate * 2^32, `scale` is 1 / (1 - rate).
    Dropout(Halide::Func in, Expr seed, Expr threshold, Expr scale) {
        const Expr bits = random_bits(c, x, y, seed + Halide::cast<uint32_t>(n));
        result(c, x, y, n) = select(bits >= threshold, in(c, x, y, n) * scale, 0.0f);
    }
};
void schedule(Dropout &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
