// conv3x3_pair_winograd: what is computed. How, on a given machine: schedules/<family>/conv3x3_pair_winograd.cpp.
#pragma once
#include "generators/winograd_convolution.h"

namespace unet::generators {

/// conv3x3_pair in its Winograd form: two inputs that stay where they are.
///
/// Shapes   a [Ka, m TX + 2, m TY + 2, N], b [Kb, ...], filters [16, Ka or Kb, m + 2, m + 2, C / 16], bias [C]
///          -> out [C, m, TX, m, TY, N]; a, b and out stored as `storage`
struct Conv3x3PairWinograd : WinogradConvolution {
    Conv3x3PairWinograd(int m, Halide::Func a, Halide::Func b, Halide::Func filter_a, Halide::Func filter_b,
                        Halide::Func bias, Halide::Expr relu, Halide::Expr channels_a, Halide::Expr channels_b,
                        Halide::Expr tiles_x, Halide::Expr tiles_y, Halide::Type storage)
        : WinogradConvolution(m, {{pixels_of(a), filter_a, channels_a}, {pixels_of(b), filter_b, channels_b}}, bias,
                              relu_if(relu, storage), tiles_x, tiles_y) {}
};
void schedule(Conv3x3PairWinograd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
