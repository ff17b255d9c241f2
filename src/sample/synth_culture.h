// A cell culture in one frame, and how light shows it.
#pragma once
#include "src/base/array.h"
#include <vector>

namespace unet {

struct CultureCell {
    float x = 0, y = 0;  ///< centre of its pixels
    float area = 0;      ///< pixels
    bool round = false;  ///< in division: round, thick and bright
    uint64_t key = 0;    ///< random bits that decide its looks
};

struct Culture {
    uint64_t seed;
    int frame;
    Ids labels;  ///< cell number + 1, 0 background
    std::vector<CultureCell> cells;
    Pixels edge;  ///< distance to the cell's border in pixels, negative outside of all cells
};

/// The gray values [1, size, size] that a camera sees, before rounding.
Pixels photograph(const Culture &culture);

}  // namespace unet
