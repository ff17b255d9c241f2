// Compression of tiles.
#pragma once
#include <cstdint>
#include <vector>

namespace unet {

/// `bytes` as TIFF's Adobe deflate stores them (zlib format). Depends on the bytes alone. For any number of threads.
std::vector<uint8_t> deflated(const std::vector<uint8_t> &bytes);

}  // namespace unet
