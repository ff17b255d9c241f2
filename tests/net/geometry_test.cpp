#include "src/base/error.h"
#include "src/net/unet.h"
#include <catch2/catch.hpp>

using namespace unet;

TEST_CASE("the paper's network maps 572 to 388 and loses 92 pixels a side", "[halo][geometry]") {
    const Architecture paper{.width = 64, .depth = 4};
    CHECK(output_size(paper, 572) == 388);
    const TileGeometry g = geometry(paper);
    CHECK(g.margin == 92);
    CHECK(g.pitch == 192);
    CHECK(g.step == 16);
    CHECK(output_size(paper, g.smallest_input) == g.smallest_input - 2 * g.margin);
    CHECK(output_size(paper, g.smallest_input - g.step) == 0);
}

TEST_CASE("every step from the smallest input on is a valid size and no other is", "[halo][geometry]") {
    const Architecture architecture{.width = 1, .depth = GENERATE(0, 1, 2, 3, 4, 5)};
    const TileGeometry g = geometry(architecture);
    for (int input = 1; input < g.smallest_input + 3 * g.step; input++) {
        const bool valid = input >= g.smallest_input && (input - g.smallest_input) % g.step == 0;
        CAPTURE(architecture.depth, input);
        CHECK(output_size(architecture, input) == (valid ? input - 2 * g.margin : 0));
    }
}

TEST_CASE("an architecture out of range is refused by its number", "[error][geometry]") {
    CHECK_THROWS_WITH(geometry({.width = 0}), "width 0: must be 1 to 1024");
    CHECK_THROWS_WITH(geometry({.depth = 9}), "depth 9: must be 0 to 8");
    CHECK_THROWS_WITH(geometry({.classes = 1}), "classes 1: must be 2 to 255");
    CHECK_THROWS_WITH(UNet({.width = 1, .depth = 2}, square(45), UNet::Use::inference),
                      Catch::Contains("input size 45 x 45") && Catch::Contains("steps of 4"));
}
