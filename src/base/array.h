// Plain owned images of the host side: pixels as they come from files and go to them.
#pragma once
#include "src/base/rect.h"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace unet {

/// Pixels [K, W, H], channels innermost, rows from top to bottom.
template<class T>
struct Array {
    int channels = 0, width = 0, height = 0;
    std::vector<T> values;

    Array() = default;
    Array(int channels, int width, int height, T fill = T())
        : channels(channels), width(width), height(height), values(size_t(channels) * width * height, fill) {}

    size_t index(int k, int x, int y) const { return (size_t(y) * width + x) * channels + k; }
    T &operator()(int k, int x, int y) { return values[index(k, x, y)]; }
    const T &operator()(int k, int x, int y) const { return values[index(k, x, y)]; }
    T &operator()(int x, int y) { return values[index(0, x, y)]; }  ///< for one channel
    const T &operator()(int x, int y) const { return values[index(0, x, y)]; }
    T *row(int y) { return values.data() + index(0, 0, y); }
    const T *row(int y) const { return values.data() + index(0, 0, y); }
    bool operator==(const Array &) const = default;
};

/// A part of an image; it must lie inside.
template<class T>
Array<T> cut_out(const Array<T> &image, const Rect &part) {
    Array<T> cut(image.channels, part.width, part.height);
    for (int y = 0; y < part.height; y++)
        std::copy_n(image.row(part.y + y) + size_t(part.x) * image.channels, size_t(part.width) * image.channels,
                    cut.row(y));
    return cut;
}

using Pixels = Array<float>;     ///< image values
using Ids = Array<uint32_t>;     ///< label values as they stand in a file
using Classes = Array<uint8_t>;  ///< class map: 0 .. classes - 1, or `ignored`

constexpr uint8_t ignored = 255;  ///< class of pixels that training and scores leave out

}  // namespace unet
