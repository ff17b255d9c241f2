#include "pipeline/stitch.h"
#include "src/base/error.h"
#include "tests/pipeline/painted_stack.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

struct StitchCase {
    int width, height, pages, tile;
    TileGeometry geometry;
    PageRange part;
    Rect area;
};

// Tile rows of 384 and 896 outputs straddle bands of 512 rows in every way; areas begin and end inside tiles.
const StitchCase cases[] = {
    {1, 1, 1, 12, {2, 4, 4, 8}, {0, 1}, {0, 0, 1, 1}},
    {9, 1300, 2, 388, {2, 4, 4, 8}, {0, 2}, {0, 0, 9, 1300}},
    {40, 2100, 1, 900, {2, 4, 4, 8}, {0, 1}, {0, 0, 40, 2100}},
    {37, 1024, 3, 20, {2, 4, 4, 8}, {1, 1}, {0, 0, 37, 1024}},
    {50, 1500, 3, 388, {2, 4, 4, 8}, {1, 2}, {7, 390, 30, 1001}},
    {300, 40, 2, 100, {2, 4, 4, 8}, {0, 2}, {299, 39, 1, 1}},
};

}  // namespace

TEST_CASE("stitched tiles are the bands of the stack, each once, from top to bottom", "[definition][stitch]") {
    const StitchCase c = GENERATE(from_range(std::begin(cases), std::end(cases)));
    const auto [planes, bytes] = GENERATE(table<int, int>({{1, 1}, {3, 1}, {2, 4}}));
    CAPTURE(c.width, c.height, c.tile, planes, bytes);
    const RegionPlan plan(TilePlan(c.width, c.height, c.pages, c.tile, c.geometry), c.part, c.area);
    Stitch stitch(plan, planes, bytes);
    std::vector<std::pair<int, int>> order, expected;
    bool equal = true;

    for (int64_t i = 0; i < plan.size(); i++) {
        const TileSpot spot = plan[i];
        for (const Band &band : stitch.place(spot, test::paint(spot.page, spot.write, planes, bytes))) {
            order.emplace_back(band.page, band.y);
            equal &=
                band.rows == std::min(band_rows, c.area.height - band.y) && test::is_painted(band, plan, planes, bytes);
        }
    }

    for (int page = 0; page < c.part.count; page++)
        for (int y = 0; y < c.area.height; y += band_rows) expected.emplace_back(page, y);
    CHECK(order == expected);
    CHECK(equal);
}

TEST_CASE("a tile out of order is refused", "[error][stitch]") {
    const RegionPlan plan(TilePlan(40, 40, 1, 20, {2, 4, 4, 8}), {0, 1}, {0, 0, 40, 40});
    Stitch stitch(plan, 1, 1);
    const TileSpot second = plan[1];
    CHECK_THROWS_WITH(stitch.place(second, test::paint(0, second.write, 1, 1)), "stitch: tile 1 came in place of 0");
}
