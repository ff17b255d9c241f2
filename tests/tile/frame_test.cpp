#include "src/tile/frame.h"
#include <catch2/catch.hpp>
#include <set>

using namespace unet;

TEST_CASE("frames show a page in eight different ways, and show it back", "[definition][frame]") {
    Array<int> page(2, 4, 3);
    for (size_t i = 0; i < page.values.size(); i++) page.values[i] = int(i);
    std::set<std::vector<int>> seen;
    for (const Frame &frame : d4_frames()) {
        const Array<int> view = frame.seen(page);
        CHECK(Size{view.width, view.height} == frame.size({4, 3}));
        CHECK(frame.on_page(view) == page);
        seen.insert(view.values);
    }
    CHECK(seen.size() == 8);
    CHECK(d4_frames()[0].seen(page) == page);
    const Frame turned{true, true, false};  // by a quarter, clockwise
    CHECK(turned.seen(page)(0, 2, 0) == page(0, 0, 0));
    CHECK(turned.seen(page)(1, 0, 3) == page(1, 3, 2));
}

TEST_CASE("parts are where their pixels are", "[definition][frame]") {
    const Size size{7, 5};
    Array<int> page(1, size.width, size.height);
    for (size_t i = 0; i < page.values.size(); i++) page.values[i] = int(i);
    const Rect part{1, 2, 4, 2};
    const auto cut = [](const Array<int> &from, Rect r) {
        Array<int> result(1, r.width, r.height);
        for (int y = 0; y < r.height; y++)
            for (int x = 0; x < r.width; x++) result(x, y) = from(r.x + x, r.y + y);
        return result;
    };
    for (const Frame &frame : d4_frames()) {
        const Rect seen = frame.seen(part, size);
        CHECK(frame.on_page(seen, size) == part);
        CHECK(cut(frame.seen(page), seen) == frame.seen(cut(page, part)));
    }
}
