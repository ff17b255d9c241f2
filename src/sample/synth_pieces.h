// The connected pieces of a label image.
#pragma once
#include "src/base/array.h"

namespace unet {

/// Pieces of equal values, joined over the four direct neighbours.
struct Pieces {
    Array<uint32_t>
        piece;  ///< [1, W, H]: index of each pixel's piece, numbered in the order of first pixels, row by row
    std::vector<uint32_t> area;  ///< pixels of each piece
};
Pieces find_pieces(const Ids &values);

}  // namespace unet
