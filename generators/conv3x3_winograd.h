// conv3x3_winograd: what is computed. How, on a given machine: schedules/<family>/conv3x3_winograd.cpp.
#pragma once
#include "generators/winograd_convolution.h"

namespace unet::generators {

/// conv3x3 in its Winograd form. `deep`: for large filters and few tiles; the kernel transforms the filter, which is then
/// read from memory once a task, as 9 taps instead of 36 elements.
///
/// Shapes   in [K, m TX + 2, m TY + 2, N], filter [16, K, m + 2, m + 2, C / 16], bias [C] -> out [C, m, TX, m, TY, N];
///          deep: filter [16, 3, 3, K, C / 16]; in and out stored as `storage`
struct Conv3x3Winograd : WinogradConvolution {
    Conv3x3Winograd(int m, Halide::Func in, Halide::Func filter, Halide::Func bias, Halide::Expr relu,
                    Halide::Expr in_channels, Halide::Expr tiles_x, Halide::Expr tiles_y, bool deep, Halide::Type storage)
        : WinogradConvolution(m, {{pixels_of(in), filter_of(filter, m, deep, false), in_channels}}, bias,
                              relu_if(relu, storage), tiles_x, tiles_y) {}
};
void schedule(Conv3x3Winograd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
