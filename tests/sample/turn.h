// The eight ways to lay a square: flips and quarter turns.
#pragma once
#include "src/base/array.h"

namespace unet {

constexpr int turns = 8;

/// The square array `pixels`, laid in way `turn` (0 .. 7, 0 leaves it): bit 0 flips x, bit 1 flips y, bit 2 then swaps
/// x and y.
template<class T>
Array<T> turned(const Array<T> &pixels, int turn) {
    if (turn == 0) return pixels;
    const int last = pixels.width - 1;
    Array<T> result(pixels.channels, pixels.width, pixels.height);
    for (int y = 0; y < result.height; y++)
        for (int x = 0; x < result.width; x++) {
            const int u = turn & 4 ? y : x, v = turn & 4 ? x : y;
            const int from_x = turn & 1 ? last - u : u, from_y = turn & 2 ? last - v : v;
            for (int k = 0; k < pixels.channels; k++) result(k, x, y) = pixels(k, from_x, from_y);
        }
    return result;
}

}  // namespace unet
