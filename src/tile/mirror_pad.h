// Windows that reach outside a page, filled by mirroring.
#pragma once
#include "src/base/array.h"
#include "src/base/rect.h"
#include "src/base/mirror.h"
#include <algorithm>

namespace unet {

/// The smallest rectangle inside a page of `width` x `height` that holds every pixel `window` mirrors to.
Rect mirror_source(Rect window, int width, int height);

/// Fills `window` of a page of `width` x `height` from the pixels of `source` = mirror_source(window, width, height).
template<class T>
Array<T> mirror_pad(const Array<T> &pixels, Rect source, Rect window, int width, int height) {
    Array<T> padded(pixels.channels, window.width, window.height);
    std::vector<size_t> columns(window.width);  // where each column comes from: the same in every row
    for (int x = 0; x < window.width; x++)
        columns[x] = size_t(mirror(window.x + x, width) - source.x) * pixels.channels;
    for (int y = 0; y < window.height; y++) {
        const T *from = pixels.row(mirror(window.y + y, height) - source.y);
        T *to = padded.row(y);
        if (pixels.channels == 1)
            for (const size_t column : columns) *to++ = from[column];
        else
            for (const size_t column : columns) to = std::copy_n(from + column, pixels.channels, to);
    }
    return padded;
}

}  // namespace unet
