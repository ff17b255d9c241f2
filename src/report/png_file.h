// Pictures as PNG.
#pragma once
#include "src/base/array.h"
#include <filesystem>
#include <string>

namespace unet {

/// Writes gray [1, W, H] or RGB [3, W, H] pixels of 8 bits, through a PartFile.
/// Throws Error: cannot_create, io; internal for another number of channels or an empty picture.
void write_png(const std::filesystem::path &path, const Array<uint8_t> &pixels);

/// The bytes of such a file. Throws Error(internal) as write_png does.
std::string png_bytes(const Array<uint8_t> &pixels);

}  // namespace unet
