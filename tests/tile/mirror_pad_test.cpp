#include "src/tile/mirror_pad.h"
#include <catch2/catch.hpp>
#include <numeric>
#include <rapidcheck.h>

using namespace unet;

namespace {

// Walks from pixel 0 to `i` step by step, turning around at the borders.
int walk(int i, int n) {
    int at = 0, direction = i < 0 ? -1 : 1;
    for (int steps = std::abs(i); steps > 0 && n > 1; steps--) {
        if (at + direction < 0 || at + direction >= n) direction = -direction;
        at += direction;
    }
    return at;
}

Pixels numbered(int channels, int width, int height) {
    Pixels page(channels, width, height);
    std::iota(page.values.begin(), page.values.end(), 0.0f);
    return page;
}

Pixels crop(const Pixels &page, Rect rect) {
    Pixels part(page.channels, rect.width, rect.height);
    for (int y = 0; y < rect.height; y++)
        for (int x = 0; x < rect.width; x++)
            for (int k = 0; k < page.channels; k++) part(k, x, y) = page(k, rect.x + x, rect.y + y);
    return part;
}

}  // namespace

TEST_CASE("mirroring does not repeat the border pixel and works at any distance", "[definition][mirror]") {
    CHECK(mirror(-1, 5) == 1);
    CHECK(mirror(5, 5) == 3);
    CHECK(mirror(-4, 5) == 4);
    CHECK(mirror(-5, 5) == 3);
    CHECK(mirror(-1000000007, 1) == 0);
    for (int n = 1; n <= 7; n++)
        for (int i = -40; i <= 40; i++) {
            CAPTURE(i, n);
            CHECK(mirror(i, n) == walk(i, n));
        }
}

TEST_CASE("a window anywhere, of any size, equals the mirrored page pixel by pixel", "[definition][mirror]") {
    CHECK(rc::check([] {
        const int width = *rc::gen::inRange(1, 12), height = *rc::gen::inRange(1, 12),
                  channels = *rc::gen::inRange(1, 4);
        const Rect window{*rc::gen::inRange(-40, 40), *rc::gen::inRange(-40, 40), *rc::gen::inRange(1, 40),
                          *rc::gen::inRange(1, 40)};
        const Pixels page = numbered(channels, width, height);
        const Rect source = mirror_source(window, width, height);
        const Pixels padded = mirror_pad(crop(page, source), source, window, width, height);
        for (int y = 0; y < window.height; y++)
            for (int x = 0; x < window.width; x++)
                for (int k = 0; k < channels; k++)
                    RC_ASSERT(padded(k, x, y) == page(k, walk(window.x + x, width), walk(window.y + y, height)));
    }));
}

TEST_CASE("the source of a window is inside the page and no larger than needed", "[definition][mirror]") {
    CHECK(rc::check([] {
        const int width = *rc::gen::inRange(1, 12);
        const Rect window{*rc::gen::inRange(-40, 40), 0, *rc::gen::inRange(1, 40), 1};
        int low = width, high = -1;
        for (int x = window.x; x < window.x + window.width; x++) {
            low = std::min(low, walk(x, width));
            high = std::max(high, walk(x, width));
        }
        RC_ASSERT((mirror_source(window, width, 1) == Rect{low, 0, high - low + 1, 1}));
    }));
}

TEST_CASE("a window far into a page of 300 000 pixels needs only itself and its reflection", "[definition][mirror]") {
    CHECK(mirror_source({299900, 1000, 572, 572}, 300000, 300000) == Rect{299527, 1000, 473, 572});
    CHECK(mirror_source({-92, -92, 572, 572}, 300000, 300000) == Rect{0, 0, 480, 480});
    CHECK(mirror_source({-92, -92, 252, 252}, 1, 1) == Rect{0, 0, 1, 1});
}
