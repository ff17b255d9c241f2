// conv3x3: what is computed. How, on a given machine: schedules/<family>/conv3x3.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/storage.h"

namespace unet::generators {

/// Valid 3x3 convolution (cross-correlation, as in every neural-network library):
///   out(c, x, y, n) = bias(c) + sum_kij in(k, x + i, y + j, n) * filter(c, i, j, k), then max(0, .) if `relu`.
///
/// Shapes   in [K, W + 2, H + 2, N], filter [16, 3, 3, K, C / 16], bias [C] -> out [C, W, H, N], stored as
///          `storage`; channels innermost. The image is float32: the network's first layer is computed so
/// Halo     output columns [a, b) read input columns [a, b + 2)
/// Source   Ronneberger et al. 2015, section 2
struct Conv3x3 {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::RDom r;  // k, i, j: input channel, tap column, tap row
    Halide::Func sum{"sum"}, result{"out"};

    Conv3x3(Halide::Func in, Halide::Func filter, Halide::Func bias, Halide::Expr relu, Halide::Expr in_channels,
            Halide::Type storage)
        : r(0, in_channels, 0, 3, 0, 3, "r") {
        sum(c, x, y, n) = bias(c);
        sum(c, x, y, n) += in(r.x, x + r.y, y + r.z, n) * filter_at(filter, c, r.y, r.z, r.x);
        result(c, x, y, n) = stored(storage, select(relu, max(sum(c, x, y, n), 0.0f), sum(c, x, y, n)));
    }
};
void schedule(Conv3x3 &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
