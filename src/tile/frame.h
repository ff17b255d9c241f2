// Pages turned by quarters and mirrored: the eight symmetries of a square (d4).
#pragma once
#include "src/base/array.h"
#include "src/base/rect.h"
#include <array>

namespace unet {

/// How a page is seen: rows and columns swapped, then mirrored from side to side, then upside down.
struct Frame {
    bool transposed = false, mirrored = false, upside_down = false;

    Size size(Size page) const { return transposed ? Size{page.height, page.width} : page; }
    /// Where `part` of a page of this size is seen, and back. Parts may reach outside.
    Rect seen(Rect part, Size page) const;
    Rect on_page(Rect part, Size page) const;

    /// Pixels of a part of the page as they are seen, and back.
    template<class T>
    Array<T> seen(const Array<T> &pixels) const {
        const Size size = this->size({pixels.width, pixels.height});
        Array<T> result(pixels.channels, size.width, size.height);
        for_each_pixel(size, [&](int x, int y, int u, int v) { copy_pixel(pixels, u, v, result, x, y); });
        return result;
    }
    template<class T>
    Array<T> on_page(const Array<T> &pixels) const {
        const Size page = this->size({pixels.width, pixels.height});  // swapping back is swapping
        Array<T> result(pixels.channels, page.width, page.height);
        for_each_pixel({pixels.width, pixels.height},
                       [&](int x, int y, int u, int v) { copy_pixel(pixels, x, y, result, u, v); });
        return result;
    }

private:
    /// Calls visit(x, y, column, row) for each pixel (x, y) of what is seen, `size` large, with its place on the page's
    /// part.
    template<class Visit>
    void for_each_pixel(Size size, const Visit &visit) const {
        for (int y = 0; y < size.height; y++)
            for (int x = 0; x < size.width; x++) {
                const int u = mirrored ? size.width - 1 - x : x, v = upside_down ? size.height - 1 - y : y;
                visit(x, y, transposed ? v : u, transposed ? u : v);
            }
    }
    template<class T>
    static void copy_pixel(const Array<T> &from, int x, int y, Array<T> &to, int u, int v) {
        for (int k = 0; k < from.channels; k++) to(k, u, v) = from(k, x, y);
    }
};

/// All eight; the first is the page as it is.
std::array<Frame, 8> d4_frames();

}  // namespace unet
