#include "src/base/error.h"
#include "src/tile/tile_plan.h"
#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <vector>

using namespace unet;

namespace {

constexpr TileGeometry depth4{.margin = 92, .pitch = 64, .step = 16, .smallest_input = 188};

// Any geometry that layers could have: a pitch of whole steps.
TileGeometry any_geometry() {
    const int step = 1 << *rc::gen::inRange(0, 5), margin = *rc::gen::inRange(0, 100);
    return {.margin = margin,
            .pitch = 4 * step,
            .step = step,
            .smallest_input = 2 * margin + *rc::gen::inRange(1, 2 * step + 1)};
}

}  // namespace

TEST_CASE("a tile is rounded down to whole cells, one at least", "[definition][tile]") {
    const auto [asked, tile, writes] = GENERATE(table<int, int, int>({{572, 572, 384},
                                                                      {571, 508, 320},
                                                                      {635, 572, 384},
                                                                      {636, 636, 448},
                                                                      {252, 252, 64},
                                                                      {100, 252, 64},
                                                                      {-1, 252, 64},
                                                                      {2147483647, 100412, 100224}}));
    const TilePlan plan(100200, 1000, 1, asked, depth4);

    CHECK(plan.tile() == tile);
    CHECK(plan.output() == tile - 184);
    CHECK(plan[0].write.width == std::min(writes, 100200));
}

TEST_CASE("the spots of a page partition it and lie in reading order", "[definition][tile]") {
    CHECK(rc::check([] {
        const int width = *rc::gen::inRange(1, 300), height = *rc::gen::inRange(1, 300),
                  pages = *rc::gen::inRange(1, 4);
        const TileGeometry geometry = any_geometry();
        const TilePlan plan(width, height, pages, *rc::gen::inRange(-5, 700), geometry);
        std::vector<int> decided(size_t(width) * height * pages);
        for (int64_t i = 0; i < plan.size(); i++) {
            const TileSpot spot = plan[i];
            RC_ASSERT(spot.index == i);
            RC_ASSERT(spot.page == i / plan.tiles_per_page());
            RC_ASSERT(spot.write.x % geometry.pitch == 0 && spot.write.y % geometry.pitch == 0);
            for (int y = spot.write.y; y < spot.write.y + spot.write.height; y++)
                for (int x = spot.write.x; x < spot.write.x + spot.write.width; x++) {
                    RC_ASSERT(x < width && y < height);
                    decided[(size_t(spot.page) * height + y) * width + x]++;
                }
        }
        for (const int times : decided) RC_ASSERT(times == 1);
    }));
}

TEST_CASE("a read window is a valid input that covers what the tile writes, and no smaller one would",
          "[definition][tile]") {
    CHECK(rc::check([] {
        const TileGeometry geometry = any_geometry();
        const int width = *rc::gen::inRange(1, 5000), height = *rc::gen::inRange(1, 5000);
        const TilePlan plan(width, height, 2, *rc::gen::inRange(1, 2000), geometry);
        const TileSpot spot = plan[*rc::gen::inRange<int64_t>(0, plan.size())];
        RC_ASSERT(spot.read.width == plan.tile() && spot.read.height == plan.tile());
        RC_ASSERT(spot.read.x == spot.write.x - geometry.margin && spot.read.y == spot.write.y - geometry.margin);
        RC_ASSERT(spot.read.width - 2 * geometry.margin >= spot.write.width);
        RC_ASSERT(spot.read.height - 2 * geometry.margin >= spot.write.height);
        RC_ASSERT((plan.tile() - geometry.smallest_input) % geometry.step == 0);
        RC_ASSERT(plan.tile() >= geometry.smallest_input);
        const int whole_cells = plan.output() / geometry.pitch * geometry.pitch;
        const int next_smaller = plan.tile() - geometry.step;
        RC_ASSERT(next_smaller < geometry.smallest_input || next_smaller - 2 * geometry.margin < whole_cells);
    }));
}

TEST_CASE("a larger tile asked for is never a smaller one", "[definition][tile]") {
    CHECK(rc::check([] {
        const TileGeometry geometry = any_geometry();
        const int asked = *rc::gen::inRange(1, 2000), more = *rc::gen::inRange(0, 300);
        RC_ASSERT(TilePlan(900, 900, 1, asked, geometry).tile() <=
                  TilePlan(900, 900, 1, asked + more, geometry).tile());
    }));
}

TEST_CASE("a page smaller than a tile gets one tile just large enough", "[definition][tile]") {
    const auto [width, height, tile] =
        GENERATE(table<int, int, int>({{1, 1, 252}, {64, 3, 252}, {65, 3, 316}, {200, 130, 444}}));
    const TilePlan plan(width, height, 1, 572, depth4);

    CHECK(plan.size() == 1);
    CHECK(plan.tile() == tile);
    CHECK(plan[0].write == Rect{0, 0, width, height});
    CHECK(plan[0].read == Rect{-92, -92, tile, tile});
}

TEST_CASE("a stack of 30 000 pages of 300 000 x 300 000 pixels is counted without overflow", "[definition][tile]") {
    const TilePlan plan(300000, 300000, 30000, 252, depth4);
    const int64_t per_page = 4688LL * 4688;

    CHECK(plan.tiles_per_page() == per_page);
    CHECK(plan.size() == per_page * 30000);
    CHECK(plan[plan.size() - 1].page == 29999);
    CHECK(plan[plan.size() - 1].write == Rect{299968, 299968, 32, 32});
    CHECK(plan[plan.size() - 1].read == Rect{299876, 299876, 252, 252});
}

TEST_CASE("pages without pixels and tiles beyond the plan are refused", "[error][tile]") {
    CHECK_THROWS_AS(TilePlan(0, 5, 1, 572, depth4), Error);
    CHECK_THROWS_AS(TilePlan(5, -1, 1, 572, depth4), Error);
    const TilePlan plan(5, 5, 2, 572, depth4);
    CHECK_THROWS_AS(plan[2], Error);
    CHECK_THROWS_AS(plan[-1], Error);
}
