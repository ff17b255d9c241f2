#include "pipeline/blend.h"
#include "tests/pipeline/painted_stack.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <rapidcheck.h>

using namespace unet;

namespace {

constexpr TileGeometry small_layers{.margin = 2, .pitch = 12, .step = 4, .smallest_input = 8, .surplus = 1};
constexpr int classes_of_blend = 3;

/// What the network gives for a pixel: of another tile, another value.
float given(const TileSpot &spot, int k, int x, int y) {
    return float(test::painted(spot.page, k, x, y, spot.read.x * 31 + spot.read.y * 17)) / 255;
}

Pixels all_given(const TileSpot &spot) {
    Pixels p(classes_of_blend, spot.read.width - 2 * small_layers.margin, spot.read.height - 2 * small_layers.margin);
    for (int y = 0; y < p.height; y++)
        for (int x = 0; x < p.width; x++)
            for (int k = 0; k < p.channels; k++)
                p(k, x, y) =
                    given(spot, k, spot.read.x + small_layers.margin + x, spot.read.y + small_layers.margin + y);
    return p;
}

/// By the definition: the weight of a tile along one axis, at `place` of its `span` pixels.
double weight(BlendForm form, int place, int span) {
    const double from_middle = place - (span - 1) / 2.0, sigma = span / 8.0;
    return form == BlendForm::mean ? 1 : std::exp(-0.5 * from_middle * from_middle / (sigma * sigma));
}

bool covers(const Rect &rect, int x, int y) {
    return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

/// One pixel of a page by all tiles of the page that cover it, in plan order.
struct PixelOfAll {
    double mean[classes_of_blend] = {};     // sum of weight x value / sum of weights, in double
    float in_order[classes_of_blend] = {};  // the same by weights that sum to 1, in float and in plan order
};

PixelOfAll pixel_of_all(const TilePlan &plan, BlendForm form, int page, int x, int y) {
    std::vector<TileSpot> spots;
    double across = 0, down = 0, all = 0;  // sums of weights of the tiles of the row, of the column, of all
    const auto weight_x = [&](const TileSpot &spot) { return weight(form, x - spot.cover.x, plan.span()); };
    const auto weight_y = [&](const TileSpot &spot) { return weight(form, y - spot.cover.y, plan.span()); };
    for (int64_t i = 0; i < plan.tiles_per_page(); i++) {
        const TileSpot spot = plan[page * plan.tiles_per_page() + i];
        if (!covers(spot.cover, x, y)) continue;
        spots.push_back(spot);
        if (spot.cover.y == spots.front().cover.y) across += weight_x(spot);
        if (spot.cover.x == spots.front().cover.x) down += weight_y(spot);
        all += weight_x(spot) * weight_y(spot);
    }
    PixelOfAll pixel;
    for (int k = 0; k < classes_of_blend; k++) {
        for (const TileSpot &spot : spots) {
            const float value = given(spot, k, x, y);
            pixel.mean[k] += weight_x(spot) * weight_y(spot) / all * value;
            pixel.in_order[k] += float(weight_x(spot) / across) * float(weight_y(spot) / down) * value;
        }
        pixel.in_order[k] = std::min(pixel.in_order[k], 1.0f);
    }
    return pixel;
}

/// What the tile's turn completes, and what it leaves to others.
Pixels blended(Blend &blend, const TileSpot &spot) {
    const Rect inside{spot.cover.x - spot.read.x - small_layers.margin,
                      spot.cover.y - spot.read.y - small_layers.margin, spot.cover.width, spot.cover.height};
    Pixels share = blend.weigh(spot, all_given(spot), inside);
    blend.add(spot, share);
    return share;
}

}  // namespace

TEST_CASE("blended pixels are the weighted means of all tiles that cover them, in any part of the plan",
          "[definition][blend]") {
    CHECK(rc::check("blend", [] {
        const int width = *rc::gen::inRange(1, 90), height = *rc::gen::inRange(1, 90), tile = *rc::gen::inRange(8, 60);
        const int most = small_layers.output_of(tile) / 2;
        RC_PRE(most > 0);
        const TilePlan pages(width, height, 3, tile, small_layers, *rc::gen::inRange(1, most + 1));
        const Rect area{*rc::gen::inRange(0, width), *rc::gen::inRange(0, height), 0, 0};
        const Rect part{area.x, area.y, *rc::gen::inRange(1, width - area.x + 1),
                        *rc::gen::inRange(1, height - area.y + 1)};
        const RegionPlan plan(pages, {1, 2}, part);
        const BlendForm form = *rc::gen::element(BlendForm::mean, BlendForm::gaussian);
        Blend blend(plan, form, classes_of_blend);
        std::vector<int> written(size_t(width) * height * 3);
        for (int64_t i = 0; i < plan.size(); i++) {
            const TileSpot spot = plan[i];
            const Pixels share = blended(blend, spot);
            for (int y = 0; y < spot.write.height; y++)
                for (int x = 0; x < spot.write.width; x++) {
                    written[(size_t(spot.page) * height + spot.write.y + y) * width + spot.write.x + x]++;
                    const PixelOfAll pixel = pixel_of_all(pages, form, spot.page, spot.write.x + x, spot.write.y + y);
                    for (int k = 0; k < classes_of_blend; k++) {
                        RC_ASSERT(share(k, x, y) == pixel.in_order[k]);
                        // Three roundings of a weight, one of its product, three additions; the terms sum to 1 at most.
                        RC_ASSERT(std::abs(share(k, x, y) - pixel.mean[k]) <=
                                  7 * std::numeric_limits<float>::epsilon());
                    }
                }
        }
        for (int page = 0; page < 3; page++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    RC_ASSERT(written[(size_t(page) * height + y) * width + x] == (page > 0 && covers(part, x, y)));
    }));
}

TEST_CASE("some bands of a blended page are those of the whole", "[seam][blend]") {
    const TilePlan pages(50, 1100, 2, 160, small_layers, 70);
    const RegionPlan whole_plan(pages, {0, 2}, {0, 0, 50, 1100});
    const auto rows = [&](const RegionPlan &plan) {  // of both pages, one below the other
        Blend blend(plan, BlendForm::gaussian, classes_of_blend);
        Pixels image(classes_of_blend, 50, 2200, -1);
        for (int64_t i = 0; i < plan.size(); i++) {
            const TileSpot spot = plan[i];
            const Pixels share = blended(blend, spot);
            for (int y = 0; y < spot.write.height; y++)
                std::copy_n(share.row(y), size_t(spot.write.width) * share.channels,
                            &image(0, spot.write.x, spot.page * 1100 + spot.write.y + y));
        }
        return image;
    };
    const Pixels whole = rows(whole_plan);
    const auto [first, end] = GENERATE(table<int, int>({{0, 1}, {1, 2}, {2, 4}, {1, 6}, {5, 6}}));
    CAPTURE(first, end);

    const Pixels part = rows(RegionPlan(pages, {0, 2}, {0, 0, 50, 1100}, BandRange{first, end}));

    bool equal = true;
    for (int row = 0; row < 2200; row++) {
        const int band = row / 1100 * 3 + row % 1100 / band_rows;
        const bool wanted = band >= first && band < end;
        for (int i = 0; i < 50 * classes_of_blend; i++) equal &= part.row(row)[i] == (wanted ? whole.row(row)[i] : -1);
    }
    CHECK(equal);
}

TEST_CASE("no mean is above 1, though weights are rounded", "[definition][blend]") {
    const BlendForm form = GENERATE(BlendForm::mean, BlendForm::gaussian);
    const TilePlan pages(300, 300, 1, 160, small_layers, 70);
    const RegionPlan plan(pages, {0, 1}, {0, 0, 300, 300});
    Blend blend(plan, form, 1);
    float least = 1, most = 0;
    for (int64_t i = 0; i < plan.size(); i++) {
        const TileSpot spot = plan[i];
        Pixels share = blend.weigh(spot, Pixels(1, spot.cover.width, spot.cover.height, 1.0f),
                                   {0, 0, spot.cover.width, spot.cover.height});
        blend.add(spot, share);
        for (int y = 0; y < spot.write.height; y++)
            for (int x = 0; x < spot.write.width; x++) {
                least = std::min(least, share(0, x, y));
                most = std::max(most, share(0, x, y));
            }
    }
    CHECK(most == 1);
    CHECK(least >= 1 - 7 * std::numeric_limits<float>::epsilon());
}
