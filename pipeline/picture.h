// unetflow picture
#pragma once
#include "src/base/rect.h"
#include <optional>
#include <string>

namespace unet {

struct PictureOptions {
    std::string image, truth, prediction, output;  ///< truth and prediction may be empty
    int slice = 0;
    std::optional<Rect> area;  ///< nothing: the slice, or the middle 1024 x 1024 pixels of a larger one
};

/// Writes image, truth, prediction and where these differ side by side as a PNG.
/// Throws Error: usage (no such slice), data (sizes differ, no class map), no_input, cannot_create, io.
void run_picture(const PictureOptions &options);

}  // namespace unet
