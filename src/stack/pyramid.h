// Smaller copies of pages, for viewers that show a whole page at once.
#pragma once
#include "src/stack/band.h"
#include "src/stack/tiff_layout.h"
#include <functional>
#include <vector>

namespace unet {

/// What a pixel becomes of the (up to) four that it stands for; pixels outside of the page do not count.
enum class Pyramid {
    none,           ///< no smaller copies
    most_frequent,  ///< of numbers that are names (classes, objects); of equally frequent ones the first, row by row
    mean            ///< of amounts; of integers rounded, halves up
};

/// Makes the smaller levels of a stack, each from the one above, while its bands pass by. Of each level less than a
/// band is kept.
class PyramidBands {
public:
    /// `sink` gets the bands of each level, in order, when they are complete. Types: u8, u16, u32, f32.
    PyramidBands(const TiffLayout &layout, Pyramid pyramid, std::function<void(int level, const Band &)> sink);

    /// The bands of the full resolution, in order.
    void add(const Band &band) { reduce(0, band); }

private:
    void reduce(int level, const Band &band);

    const TiffLayout &layout_;
    Pyramid pyramid_;
    std::function<void(int level, const Band &)> sink_;
    std::vector<Band> open_;  // one of each level but the first: as far as it has come
};

}  // namespace unet
