// up_conv2x2: what is computed. How, on a given machine: schedules/<family>/up_conv2x2.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/storage.h"

namespace unet::generators {

/// Doubles width and height: out(c, i, x, j, y, n) = bias(c) + sum_k in(k, x, y, n) * filter(c, i, j, k).
///
/// Shapes   in [K, W, H, N], filter [16, 2, 2, K, C / 16], bias [C] -> out [C, 2, W, 2, H, N]: an image of 2W x 2H pixels,
///          its rows and columns in cells; no ReLU. in and out stored as `storage`
/// Halo     none: output cells [a, b) read input columns [a, b)
/// Source   Ronneberger et al. 2015, section 2, "up-convolution"
struct UpConv2x2 {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"}, i{"i"}, j{"j"};
    Halide::RDom k;
    Halide::Func in, sum{"sum"}, result{"out"};

    UpConv2x2(Halide::Func image, Halide::Func filter, Halide::Func bias, Halide::Expr in_channels, Halide::Type storage)
        : k(0, in_channels / channel_block * channel_block, "k"),  // whole blocks: loops of a block need no guard
          in(as_float(image)) {
        sum(c, x, y, i, j, n) = bias(c);
        sum(c, x, y, i, j, n) += in(k, x, y, n) * filter_at(filter, c, i, j, k);
        result(c, i, x, j, y, n) = stored(storage, sum(c, x, y, i, j, n));
    }
};
void schedule(UpConv2x2 &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
