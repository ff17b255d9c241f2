// Which pages of a stack make up a slice, and which slices are its neighbours.
#pragma once
#include "src/stack/axis.h"
#include <vector>

namespace unet {

/// The order of a stack of equal files.
class SliceOrder {
public:
    /// `axes` of the pages of each file, outermost first; empty where nobody says. `pages` of all files.
    SliceOrder(const std::vector<Axis> &axes, int pages);

    int slices() const { return slices_; }
    int channels() const { return channels_; }  ///< pages of a slice
    int page(int slice, int channel) const;
    /// The slice that lies `distance` further in depth, mirrored at the ends.
    int neighbour(int slice, int distance) const;
    bool operator==(const SliceOrder &) const = default;

private:
    int channels_ = 1, pages_inside_channel_ = 1;
    int slices_ = 0;
    int depth_ = 0, depth_stride_ = 1;  // slices one behind the other in depth, and how far they are apart
};

}  // namespace unet
