// How much a network computes.
#pragma once
#include "src/net/architecture.h"

namespace unet {

/// Multiply-adds of one inference of a square input of `input` pixels: 3x3, 2x2 and 1x1 convolutions, without padding.
double multiply_adds(const Architecture &architecture, int input);

}  // namespace unet
