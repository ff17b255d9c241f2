// The axes of a stack.
#pragma once
#include <cstdint>

namespace unet {

/// One axis, as OME and tifffile letter them: T time, Z depth, C channel, I pages of unknown meaning, Y, X, S samples.
struct Axis {
    char letter = ' ';
    uint64_t length = 0;
    bool operator==(const Axis &) const = default;
};

}  // namespace unet
