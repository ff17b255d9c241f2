#include "pipeline/views.h"
#include <algorithm>

namespace unet {

Rect Views::window(const Frame &frame, Rect part) const {
    return geometry_.window(frame.seen(part, page_), frame.size(page_));
}

Rect Views::read(Rect part) const {
    Rect all = part;
    for (const Frame &frame : frames_) {
        const Rect one = frame.on_page(window(frame, part), page_);
        const int right = std::max(all.x + all.width, one.x + one.width),
                  bottom = std::max(all.y + all.height, one.y + one.height);
        all.x = std::min(all.x, one.x), all.y = std::min(all.y, one.y);
        all.width = right - all.x, all.height = bottom - all.y;
    }
    return all;
}

Pixels Views::seen(const Frame &frame, Rect window, const Pixels &pixels, Rect read) const {
    Rect part = frame.on_page(window, page_);
    part.x -= read.x, part.y -= read.y;
    return frame.seen(cut_out(pixels, part));
}

Pixels Views::answer(const Frame &frame, Rect window, const Pixels &probabilities, Rect part) const {
    const int across = (window.width - probabilities.width) / 2, down = (window.height - probabilities.height) / 2;
    Rect seen = frame.seen(part, page_);
    seen.x -= window.x + across, seen.y -= window.y + down;
    return frame.on_page(cut_out(probabilities, seen));
}

Size Views::largest_window(const TileGeometry &geometry, Size page, int span) {
    const int longest = std::max(page.width, page.height);
    return square(int(geometry.input_for(std::min(span + geometry.pitch, longest))));
}

std::vector<Frame> frames_of(bool d4) {
    const std::array<Frame, 8> all = d4_frames();
    return {all.begin(), d4 ? all.end() : all.begin() + 1};
}

}  // namespace unet
