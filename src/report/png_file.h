// Pictures as PNG files.
#pragma once
#include "src/base/array.h"
#include <filesystem>

namespace unet {

/// Writes gray [1, W, H] or RGB [3, W, H] pixels of 8 bits, through a PartFile.
/// Throws Error: cannot_create, io; internal for another number of channels or an empty picture.
void write_png(const std::filesystem::path &path, const Array<uint8_t> &pixels);

}  // namespace unet
