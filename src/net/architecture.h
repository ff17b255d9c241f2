// What decides the shape of a U-Net and of its parameters.
#pragma once
#include <cstdint>

namespace unet {

enum class Pooling { max, average };

struct Architecture {
    int channels = 1;  ///< of the input image
    int classes = 2;
    int width = 64;  ///< channels at full resolution; doubled at each level
    int depth = 4;   ///< number of poolings
    Pooling pooling = Pooling::max;

    int level_channels(int level) const { return width << level; }
    bool operator==(const Architecture &) const = default;
};

}  // namespace unet
