// dropout: what is computed. How, on a given machine: schedules/<family>/dropout.cpp.
#pragma once
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
        const auto word = [](Expr e) { return Halide::cast<uint32_t>(e); };
        // Mixed before the seed is added: or else the pattern of the next seed would be this one, shifted by a pixel.
        const Expr pixel = mixed(mixed(word(x) + word(y) * Expr(65536u)) + seed + word(n));
        const Expr bits = mixed(pixel + word(c) * Expr(0x9e3779b9u));
        result(c, x, y, n) = select(bits >= threshold, in(c, x, y, n) * scale, 0.0f);
    }

private:
    // The finaliser of MurmurHash3 (public domain): every input bit changes half of the output bits.
    static Expr mixed(Expr h) {
        h = (h ^ (h >> 16)) * Expr(0x85ebca6bu);
        h = (h ^ (h >> 13)) * Expr(0xc2b2ae35u);
        return h ^ (h >> 16);
    }
};
void schedule(Dropout &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
