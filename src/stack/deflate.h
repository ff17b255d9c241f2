// Compression of tiles.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace unet {

/// `bytes` as TIFF's Adobe deflate stores them (zlib format). Depends on the bytes alone. For any number of threads.
std::vector<uint8_t> deflated(const std::vector<uint8_t> &bytes);

/// The `size` bytes that deflated() made `count` bytes at `bytes` of; nothing where it did not. For any number of
/// threads.
std::optional<std::vector<uint8_t>> inflated(const uint8_t *bytes, size_t count, size_t size);

}  // namespace unet
