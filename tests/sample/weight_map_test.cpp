#include "src/base/error.h"
#include "src/sample/labels.h"
#include "src/sample/weight_map.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <rapidcheck.h>

using namespace unet;

namespace {

/// Cells as rectangles with gaps; some touch by a corner only.
Ids any_cells(int width, int height) {
    Ids cells(1, width, height);
    const int count = *rc::gen::inRange(0, 6);
    for (int i = 1; i <= count; i++) {
        const int left = *rc::gen::inRange(0, width), top = *rc::gen::inRange(0, height);
        const int right = std::min(width, left + *rc::gen::inRange(1, 12)),
                  bottom = std::min(height, top + *rc::gen::inRange(1, 12));
        for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++) cells(x, y) = uint32_t(i);
    }
    return cells;
}

/// Distances to all cells in reach of a pixel, nearest first: every pixel is looked at.
std::vector<double> distances_at(const Ids &cells, int x, int y, double reach) {
    std::map<uint32_t, double> nearest;
    for (int v = 0; v < cells.height; v++)
        for (int u = 0; u < cells.width; u++) {
            const double distance = std::hypot(u - x, v - y);
            if (cells(u, v) == 0 || distance > reach) continue;
            const auto found = nearest.emplace(cells(u, v), distance).first;
            found->second = std::min(found->second, distance);
        }
    std::vector<double> sorted;
    for (const auto &[id, distance] : nearest) sorted.push_back(distance);
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

Classes classes_of(const Ids &cells, int reach) {
    Classes labels(1, cells.width - 2 * reach, cells.height - 2 * reach);
    for (int y = 0; y < labels.height; y++)
        for (int x = 0; x < labels.width; x++) labels(x, y) = cells(x + reach, y + reach) != 0;
    return labels;
}

double bell_of(double distance, double sigma) { return std::exp(-distance * distance / (2 * sigma * sigma)); }

}  // namespace

TEST_CASE("weights are those of the definition", "[definition][weights]") {
    CHECK(rc::check([] {
        const WeightOptions options{.form = *rc::gen::element(WeightForm::paper, WeightForm::freiburg),
                                    .border = *rc::gen::element(1.0, 10.0),
                                    .sigma = *rc::gen::element(1.0, 2.5)};
        const int reach = options.reach();
        RC_ASSERT(reach >= 4 * options.border_sigma());
        const Ids cells = any_cells(2 * reach + *rc::gen::inRange(1, 12), 2 * reach + *rc::gen::inRange(1, 12));
        Classes labels = classes_of(cells, reach);
        labels(0, 0) = ignored;
        const Pixels weights = weight_map(labels, cells, {0.5, 3}, options);
        for (int y = 0; y < labels.height; y++)
            for (int x = 0; x < labels.width; x++) {
                const std::vector<double> d = distances_at(cells, x + reach, y + reach, reach);
                const double border = d.size() < 2 ? 0 : *options.border * bell_of(d[0] + d[1], *options.sigma);
                double expected = labels(x, y) == 1 ? 3 + border : 0.5 + border;
                if (options.form == WeightForm::freiburg && labels(x, y) == 1) expected = 1;
                else if (options.form == WeightForm::freiburg)
                    expected = 0.1 + (d.empty() ? 0 : 0.9 * bell_of(d[0], 10)) + border;
                if (labels(x, y) == ignored) expected = 0;
                RC_ASSERT(std::abs(weights(x, y) - expected) <= 1e-6 * expected);
            }
    }));
}

TEST_CASE("no border weights: those of the classes", "[definition][weights]") {
    const Classes labels = [] {
        Classes labels(1, 3, 1);
        labels.values = {0, 1, ignored};
        return labels;
    }();
    CHECK(weight_map(labels, Ids(1, 3, 1), {0.5, 3}, {.form = WeightForm::none}).values ==
          std::vector<float>{0.5f, 3, 0});
}

TEST_CASE("the defaults of each form are those of its source", "[definition][weights]") {
    const WeightOptions paper{.form = WeightForm::paper}, freiburg{.form = WeightForm::freiburg};
    CHECK(paper.border_weight() == 10);
    CHECK(paper.border_sigma() == 5);
    CHECK(paper.reach() == 20);
    CHECK(freiburg.border_weight() == 50);
    CHECK(freiburg.border_sigma() == 6);
    CHECK(freiburg.reach() == 40);  // 4 times 10 pixels, how far the weight of cells reaches into the background
}

TEST_CASE("cells are instances, or connected pieces of a class", "[definition][weights]") {
    Ids ids(1, 8, 3);
    ids.values = {0, 0, 0, 0, 0, 0, 0, 0,  //
                  7, 7, 7, 9, 9, 0, 5, 0,  //
                  0, 0, 0, 0, 0, 5, 0, 0};
    const auto row_of = [&](LabelScheme scheme) { return to_cells(ids, scheme).values; };
    // 7 and 9 touch, and so do 9 and 5 by a corner: the pixels on either side are taken away.
    CHECK(row_of({.kind = LabelKind::instances, .values = {}, .ignore = {}}) ==
          std::vector<uint32_t>{7, 0, 0, 0, 0, 5});
    CHECK(row_of({.kind = LabelKind::classes, .values = {0, 5, 7, 9}, .ignore = {}}) ==
          std::vector<uint32_t>{1, 1, 2, 2, 0, 3});
    CHECK(row_of({.kind = LabelKind::classes, .values = {0, 5, 9}, .ignore = 7}) ==
          std::vector<uint32_t>{0, 0, 1, 1, 0, 2});
}

TEST_CASE("a window of cells that does not fit its labels is refused", "[error][weights]") {
    CHECK_THROWS_AS(weight_map(Classes(1, 5, 5), Ids(1, 5, 5), {1, 1}, {}), Error);
}
