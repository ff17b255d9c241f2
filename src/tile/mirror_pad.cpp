#include "src/tile/mirror_pad.h"

namespace unet {

namespace {

struct Span {
    int first, count;
};

// A stretch that leaves [0, n) on one side needs as much again from the inside; past a whole period it needs everything.
Span mirrored_span(int first, int count, int n) {
    const int last = first + count - 1;
    if (first >= 0 && last < n) return {first, count};
    if (count >= n || n == 1) return {0, n};
    int low = n - 1, high = 0;
    for (int i = first; i <= last; i++) {
        low = std::min(low, mirror(i, n));
        high = std::max(high, mirror(i, n));
    }
    return {low, high - low + 1};
}

}  // namespace

Rect mirror_source(Rect window, int width, int height) {
    const Span x = mirrored_span(window.x, window.width, width), y = mirrored_span(window.y, window.height, height);
    return {x.first, y.first, x.count, y.count};
}

}  // namespace unet
