// Connected pieces of equal value.
#pragma once
#include "src/base/array.h"

namespace unet {

enum class Touching { by_side, by_side_or_corner };  ///< 4- and 8-connected

struct Pieces {
    struct Piece {
        uint32_t value;
        uint64_t pixels;
    };
    Ids index;               ///< [1, W, H]: the piece of each pixel
    std::vector<Piece> all;  ///< in the order of their first pixels, row by row
};

/// Time and memory linear in the pixels.
Pieces find_pieces(const Ids &values, Touching touching);

/// The pieces of values other than 0, numbered from 1 on in the order of their first pixels; 0 elsewhere.
Ids connected_components(const Ids &values, Touching touching);

}  // namespace unet
