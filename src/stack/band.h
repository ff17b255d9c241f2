// A part of a stack on its way into a file.
#pragma once
#include <cstdint>
#include <vector>

namespace unet {

/// Rows [y, y + rows) of one page, all planes: bytes of plane 0 row by row, then plane 1, ...
struct Band {
    int page = 0, y = 0, rows = 0;
    std::vector<uint8_t> bytes;  ///< planes * rows * width samples of the stack's type, host byte order
};

/// Bands [first, end) of a stack, counted through its pages from top to bottom.
struct BandRange {
    int64_t first = 0, end = 0;
    bool operator==(const BandRange &) const = default;
};

}  // namespace unet
