// Which ids of one label image lie on which of another.
#pragma once
#include "src/base/array.h"

namespace unet {

struct Overlap {
    uint32_t truth, segmentation;
    uint64_t pixels;
    bool operator==(const Overlap &) const = default;
};

/// Every pair of ids that meet in a pixel, 0 too, by truth, then by segmentation. Throws Error(internal) when the sizes
/// differ.
std::vector<Overlap> overlaps_of(const Ids &truth, const Ids &segmentation);

}  // namespace unet
