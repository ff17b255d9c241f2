// The loop nest all Winograd convolutions share on SIMD CPUs.
#pragma once
#include "generators/winograd_convolution.h"

namespace unet::generators {

void winograd_loops(WinogradConvolution &op, const Halide::Target &target, const Knobs &knobs);

}  // namespace unet::generators
