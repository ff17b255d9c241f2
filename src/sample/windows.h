// A pass over all pixels of a stack in pieces of bounded size.
#pragma once
#include "src/stack/stack_reader.h"
#include <algorithm>

namespace unet {

/// Calls visit(rect) for windows that partition a page of `shape`, in reading order. A window holds about four million
/// values at most: whole rows of a page up to 8192 pixels wide, 512 of them where they are few enough.
template<class Visit>
void for_each_window_of_page(const StackShape &shape, Visit visit) {
    constexpr int64_t most_values = 1 << 22;
    const int width = std::min(shape.width, 8192);
    const int height = int(std::clamp<int64_t>(most_values / (int64_t(width) * std::max(shape.samples, 1)), 1, 512));
    for (int64_t y = 0; y < shape.height; y += height)
        for (int64_t x = 0; x < shape.width; x += width)
            visit(Rect{int(x), int(y), std::min(width, shape.width - int(x)), std::min(height, shape.height - int(y))});
}

/// visit(page, rect) for those of every page.
template<class Visit>
void for_each_window(const StackShape &shape, Visit visit) {
    for (int page = 0; page < shape.pages; page++)
        for_each_window_of_page(shape, [&](Rect window) { visit(page, window); });
}

/// `rect` with `rim` more pixels on every side.
inline Rect grown(Rect rect, int rim) {
    return {rect.x - rim, rect.y - rim, rect.width + 2 * rim, rect.height + 2 * rim};
}

/// A window without `rim` pixels on every side.
template<class T>
Array<T> without_rim(const Array<T> &window, int rim) {
    return cut_out(window, {rim, rim, window.width - 2 * rim, window.height - 2 * rim});
}

/// All of a page, or as much of the middle of a larger one as `most` says.
inline Rect middle_of(const StackShape &shape, Size most) {
    const int width = std::min(shape.width, most.width), height = std::min(shape.height, most.height);
    return {(shape.width - width) / 2, (shape.height - height) / 2, width, height};
}

}  // namespace unet
