#include "pipeline/region_plan.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

constexpr TileGeometry layers_of_region{2, 4, 4, 8};

bool inside(Rect a, Rect b) {
    return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
}

}  // namespace

TEST_CASE("the spots of a region cover each of its pixels once and lie where they lie on the page", "[seam][region]") {
    const auto [x, y, width, height] =
        GENERATE(table<int, int, int, int>({{0, 0, 50, 41}, {13, 7, 20, 33}, {49, 40, 1, 1}}));
    CAPTURE(x, y, width, height);
    const Rect area{x, y, width, height};
    const TilePlan page(50, 41, 5, 24, layers_of_region);
    const RegionPlan plan(page, {2, 3}, area);
    std::vector<int> hits(50 * 41 * 5);
    bool same_windows = true, within = true;

    for (int64_t i = 0; i < plan.size(); i++) {
        const TileSpot spot = plan[i];
        CHECK(spot.index == i);
        within &= inside(spot.write, area);
        for (int v = spot.write.y; v < spot.write.y + spot.write.height; v++)
            for (int u = spot.write.x; u < spot.write.x + spot.write.width; u++) hits[(spot.page * 41 + v) * 50 + u]++;
        bool found = false;
        for (int64_t j = 0; j < page.size(); j++) found |= page[j].page == spot.page && page[j].read == spot.read;
        same_windows &= found;
    }

    CHECK(within);
    CHECK(same_windows);
    bool once = true;
    for (int p = 0; p < 5; p++)
        for (int v = 0; v < 41; v++)
            for (int u = 0; u < 50; u++) once &= hits[(p * 41 + v) * 50 + u] == (p >= 2 && inside({u, v, 1, 1}, area));
    CHECK(once);
}

TEST_CASE("the spots of some bands cover each pixel of these bands once", "[seam][region]") {
    const TilePlan pages(50, 1100, 5, 24, layers_of_region);
    const Rect area{3, 7, 40, 1090};  // three bands a page
    const auto [first, end] = GENERATE(table<int, int>({{0, 9}, {0, 1}, {1, 2}, {2, 7}, {3, 6}, {4, 4}, {8, 9}}));
    CAPTURE(first, end);
    const RegionPlan plan(pages, {1, 3}, area, BandRange{first, end});
    std::vector<int> hits(size_t(50) * 1100 * 5);
    bool counted = true;
    for (int64_t i = 0; i < plan.size(); i++) {
        const TileSpot spot = plan[i];
        counted &= spot.index == i;
        for (int v = spot.write.y; v < spot.write.y + spot.write.height; v++)
            for (int u = spot.write.x; u < spot.write.x + spot.write.width; u++)
                hits[(size_t(spot.page) * 1100 + v) * 50 + u]++;
    }
    CHECK(counted);
    bool once = true;
    for (int p = 0; p < 5; p++)
        for (int v = 0; v < 1100; v++)
            for (int u = 0; u < 50; u++) {
                const int band = (p - 1) * 3 + (v - area.y) / band_rows;
                const bool wanted = p >= 1 && p < 4 && inside({u, v, 1, 1}, area) && band >= first && band < end;
                once &= hits[(size_t(p) * 1100 + v) * 50 + u] == wanted;
            }
    CHECK(once);
}
