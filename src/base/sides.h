// The pixels beside a pixel.
#pragma once

namespace unet {

/// `visit(u, v)` for the pixels of `image` that share a side with (x, y): above, left, right, below.
template<class Image, class Visit>
void for_each_side(const Image &image, int x, int y, Visit visit) {
    if (y > 0) visit(x, y - 1);
    if (x > 0) visit(x - 1, y);
    if (x + 1 < image.width) visit(x + 1, y);
    if (y + 1 < image.height) visit(x, y + 1);
}

}  // namespace unet
