// Where sums over the rows of an image begin.
#pragma once
#include "src/kernels/image.h"
#include "src/kernels/kernels.h"
#include "src/net/rows.h"

namespace unet {

/// Sets to 0 what kernels add the gradients of `rows` to, before the first rows. On a device nothing: all of a gradient
/// is 0 there when a pass begins (UNet::train).
inline void begin_sums(Rows rows, Filter &d_filter, Vector &d_bias) {
    if (rows.begin == 0 && !kernels().on_device()) d_filter.fill(0), d_bias.fill(0);
}

}  // namespace unet
