#include "src/base/error.h"
#include "src/tile/tile_plan.h"
#include <catch2/catch.hpp>
#include <rapidcheck.h>
#include <vector>

using namespace unet;

namespace {

constexpr TileGeometry depth4{.margin = 92, .pitch = 192, .step = 16, .smallest_input = 188};

// Any geometry that layers could have: a pitch of whole steps.
TileGeometry any_geometry() {
    const int step = 1 << *rc::gen::inRange(0, 5), margin = *rc::gen::inRange(0, 100);
    return {.margin = margin,
            .pitch = 12 * step,
            .step = step,
            .smallest_input = 2 * margin + *rc::gen::inRange(1, 2 * step + 1),
            .surplus = *rc::gen::inRange(0, 4)};
}

}  // namespace

TEST_CASE("a tile is rounded down to whole cells, one at least", "[definition][tile]") {
    const auto [asked, tile, writes] = GENERATE(table<int, int, int>({{572, 572, 384},
                                                                      {571, 380, 192},
                                                                      {763, 572, 384},
                                                                      {764, 764, 576},
                                                                      {380, 380, 192},
                                                                      {100, 380, 192},
                                                                      {-1, 380, 192},
                                                                      {2147483647, 100412, 100224}}));
    const TilePlan plan(100224, 100224, 1, asked, depth4);

    CHECK(plan.largest_read() == square(tile));
    CHECK(plan[0].read == Rect{-92, -92, tile, tile});
    CHECK(plan[0].write == Rect{0, 0, writes, writes});
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
        RC_ASSERT(spot.read.x == spot.write.x - geometry.margin && spot.read.y == spot.write.y - geometry.margin);
        RC_ASSERT(spot.read.width <= plan.largest_read().width && spot.read.height <= plan.largest_read().height);
        for (const auto &[read, write] :
             {std::pair(spot.read.width, spot.write.width), {spot.read.height, spot.write.height}}) {
            RC_ASSERT((read - geometry.smallest_input) % geometry.step == 0);
            RC_ASSERT(read >= geometry.smallest_input);
            RC_ASSERT(read - 2 * geometry.margin >= write + geometry.surplus);
            const int smaller = read - geometry.step;
            RC_ASSERT(smaller < geometry.smallest_input || smaller - 2 * geometry.margin < write + geometry.surplus);
        }
    }));
}

TEST_CASE("windows that reach over the right or lower border all end at the same pixel", "[definition][tile]") {
    CHECK(rc::check([] {
        const TileGeometry geometry = any_geometry();
        const int width = *rc::gen::inRange(1, 3000), height = *rc::gen::inRange(1, 3000);
        const auto end = [&](int tile) {
            const TilePlan plan(width, height, 1, tile, geometry);
            const Rect read = plan[plan.size() - 1].read;
            return std::pair(read.x + read.width, read.y + read.height);
        };
        RC_ASSERT(end(*rc::gen::inRange(1, 3000)) == end(*rc::gen::inRange(1, 3000)));
    }));
}

TEST_CASE("a larger tile asked for is never a smaller one", "[definition][tile]") {
    CHECK(rc::check([] {
        const TileGeometry geometry = any_geometry();
        const int asked = *rc::gen::inRange(1, 2000), more = *rc::gen::inRange(0, 300);
        RC_ASSERT(TilePlan(900, 900, 1, asked, geometry).largest_read().width <=
                  TilePlan(900, 900, 1, asked + more, geometry).largest_read().width);
    }));
}

TEST_CASE("a page smaller than a tile gets one tile just large enough", "[definition][tile]") {
    const auto [width, height, read_width, read_height] = GENERATE(
        table<int, int, int, int>({{1, 1, 188, 188}, {4, 5, 188, 204}, {192, 100, 380, 284}, {384, 383, 572, 572}}));
    const TilePlan plan(width, height, 1, 572, depth4);

    CHECK(plan.size() == 1);
    CHECK(plan[0].write == Rect{0, 0, width, height});
    CHECK(plan[0].read == Rect{-92, -92, read_width, read_height});
    CHECK(plan.largest_read() == Size{read_width, read_height});
}

TEST_CASE("a stack of 30 000 pages of 300 000 x 300 000 pixels is counted without overflow", "[definition][tile]") {
    const TilePlan plan(300000, 300000, 30000, 380, depth4);
    const int64_t per_page = 1563LL * 1563;

    CHECK(plan.tiles_per_page() == per_page);
    CHECK(plan.size() == per_page * 30000);
    CHECK(plan[plan.size() - 1].page == 29999);
    CHECK(plan[plan.size() - 1].write == Rect{299904, 299904, 96, 96});
    CHECK(plan[plan.size() - 1].read == Rect{299812, 299812, 284, 284});
}

TEST_CASE("tiles that overlap begin at multiples of their output less the overlap, and still partition the page",
          "[definition][tile]") {
    CHECK(rc::check([] {
        const int width = *rc::gen::inRange(1, 300), height = *rc::gen::inRange(1, 300),
                  pages = *rc::gen::inRange(1, 4);
        const TileGeometry geometry = any_geometry();
        const int tile = *rc::gen::inRange(1, 700), output = geometry.output_of(tile);
        RC_PRE(output >= 2);
        const int overlap = *rc::gen::inRange(1, output / 2 + 1);
        const TilePlan plan(width, height, pages, tile, geometry, overlap);
        std::vector<int> decided(size_t(width) * height * pages);
        for (int64_t i = 0; i < plan.size(); i++) {
            const auto [index, page, write, cover, read] = plan[i];
            RC_ASSERT(index == i);
            RC_ASSERT(cover.x % (output - overlap) == 0 && cover.y % (output - overlap) == 0);
            RC_ASSERT(cover.width == std::min(output, width - cover.x));
            RC_ASSERT(cover.height == std::min(output, height - cover.y));
            RC_ASSERT(write.x == cover.x && write.y == cover.y);
            RC_ASSERT(write.width <= cover.width && write.height <= cover.height);
            RC_ASSERT(read.x == cover.x - geometry.margin && read.y == cover.y - geometry.margin);
            RC_ASSERT(read.width == geometry.input_for(cover.width) && read.height == geometry.input_for(cover.height));
            RC_ASSERT(read.width <= geometry.largest_input(tile) && read.height <= plan.largest_read().height);
            for (int y = write.y; y < write.y + write.height; y++)
                for (int x = write.x; x < write.x + write.width; x++)
                    decided[(size_t(page) * height + y) * width + x]++;
        }
        for (const int times : decided) RC_ASSERT(times == 1);
        // One tile fewer in a row would leave pixels out.
        const TileSpot last = plan[plan.size() - 1];
        RC_ASSERT(last.cover.x == 0 || last.cover.x + overlap < width);
        RC_ASSERT(last.cover.y == 0 || last.cover.y + overlap < height);
    }));
}

TEST_CASE("an overlap of more than half of a tile is refused", "[error][tile]") {
    CHECK(TilePlan(5000, 5000, 1, 572, depth4, 194).overlap() == 194);
    CHECK_THROWS_AS(TilePlan(5000, 5000, 1, 572, depth4, 195), Error);
    CHECK_THROWS_AS(TilePlan(5000, 5000, 1, 572, depth4, -1), Error);
}

TEST_CASE("pages without pixels and tiles beyond the plan are refused", "[error][tile]") {
    CHECK_THROWS_AS(TilePlan(0, 5, 1, 572, depth4), Error);
    CHECK_THROWS_AS(TilePlan(5, -1, 1, 572, depth4), Error);
    const TilePlan plan(5, 5, 2, 572, depth4);
    CHECK_THROWS_AS(plan[2], Error);
    CHECK_THROWS_AS(plan[-1], Error);
}
