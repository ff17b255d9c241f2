// A band as it stands in a file.
#pragma once
#include <cstdint>
#include <vector>

namespace unet {

/// The tiles of one band: plane by plane, of deflated ones each filled up to 8 bytes.
struct StoredBand {
    std::vector<uint8_t> bytes;
    std::vector<uint64_t> sizes;  ///< of the tiles, without what fills them up

    static uint64_t filled_up(uint64_t bytes) { return (bytes + 7) / 8 * 8; }
    uint64_t checksum() const;  ///< XXH3-64 of the bytes
};

}  // namespace unet
