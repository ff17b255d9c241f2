// Sizes and rectangles of pixels.
#pragma once

namespace unet {

/// Of an image, in pixels.
struct Size {
    int width = 0, height = 0;
    bool operator==(const Size &) const = default;
};

constexpr Size square(int side) { return {side, side}; }

/// Pixels [x, x+width) x [y, y+height) of one page. May reach outside the page: those pixels are mirrored.
struct Rect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Rect &) const = default;
};

}  // namespace unet
