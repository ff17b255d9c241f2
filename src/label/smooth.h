// Images without their fine structure.
#pragma once
#include "src/base/array.h"

namespace unet {

/// `image` [1, W, H] under a Gaussian of this standard deviation in pixels, cut off at three of them; mirrored at the
/// borders. 0 changes nothing.
Pixels smoothed(const Pixels &image, double standard_deviation);

}  // namespace unet
