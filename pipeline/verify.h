// unetflow verify
#pragma once
#include "src/base/rect.h"
#include "src/stack/image_stack.h"
#include <optional>
#include <string>
#include <vector>

namespace unet {

struct VerifyOptions {
    std::vector<std::string> models;
    std::vector<std::string> inputs;
    int slice = -1;            ///< counted from 0; the middle one below 0
    ImageChoice images;        ///< as far as options say
    std::optional<Rect> area;  ///< the middle, up to 1152 x 1152, without it
    bool quiet = false;
};

/// Segments a crop in one tile, and again in smaller ones, and prints in how many pixels a probability differs: 0.
/// Throws Error: internal when any does, and what `segment` throws.
void run_verify(const VerifyOptions &options);

}  // namespace unet
