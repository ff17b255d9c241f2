#include "src/tile/mirror_pad.h"

namespace unet {

namespace {

struct Span {
    int first, count;
};

// The smallest stretch of [0, n) that holds what [first, first + count) mirrors to.
Span mirrored_span(int first, int count, int n) {
    if (first >= 0 && count <= n - first) return {first, count};
    if (count >= 2 * int64_t(n) - 2) return {0, n};  // a whole period
    int low = n - 1, high = 0;
    for (int i = 0; i < count; i++) {
        low = std::min(low, mirror(first + i, n));
        high = std::max(high, mirror(first + i, n));
    }
    return {low, high - low + 1};
}

}  // namespace

Rect mirror_source(Rect window, int width, int height) {
    const Span x = mirrored_span(window.x, window.width, width), y = mirrored_span(window.y, window.height, height);
    return {x.first, y.first, x.count, y.count};
}

}  // namespace unet
