// unetflow picture
#pragma once
#include <string>

namespace unet {

struct PictureOptions {
    std::string image, truth, prediction, output;  ///< truth and prediction may be empty
    int slice = 0;
};

/// Writes image, truth and prediction of one slice side by side as a PNG.
/// Throws Error: usage, data (sizes differ), no_input, cannot_create, io.
void run_picture(const PictureOptions &options);

}  // namespace unet
