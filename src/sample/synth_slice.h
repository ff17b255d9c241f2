// One page of a synthetic stack.
#pragma once
#include "src/base/array.h"

namespace unet {

/// An image with its exact labels, [1, size, size] both.
struct SynthSlice {
    Array<uint8_t> image;
    Ids labels;
};

}  // namespace unet
