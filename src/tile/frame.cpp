#include "src/tile/frame.h"

namespace unet {

Rect Frame::seen(Rect part, Size page) const {
    const Size size = this->size(page);
    if (transposed) part = {part.y, part.x, part.height, part.width};
    if (mirrored) part.x = size.width - part.x - part.width;
    if (upside_down) part.y = size.height - part.y - part.height;
    return part;
}

Rect Frame::on_page(Rect part, Size page) const {
    const Size size = this->size(page);
    if (mirrored) part.x = size.width - part.x - part.width;
    if (upside_down) part.y = size.height - part.y - part.height;
    if (transposed) part = {part.y, part.x, part.height, part.width};
    return part;
}

std::array<Frame, 8> d4_frames() {
    std::array<Frame, 8> frames;
    for (int i = 0; i < 8; i++) frames[size_t(i)] = {(i & 4) != 0, (i & 1) != 0, (i & 2) != 0};
    return frames;
}

}  // namespace unet
