#include "src/sample/augment.h"
#include "src/sample/deformation.h"
#include "tests/sample/turn.h"
#include "tests/sample/written_stack.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace unet;
using test::page_of;

namespace {

Deformation only_turned(Random &random) {
    return Deformation::draw(random, {.flips_and_turns = true, .rotation = 0, .scale = 0, .elastic = 0});
}

/// Position of a pixel of the region in its source, from the buffers that the kernels get.
double position(const Warp &warp, int x, int y, int d) {
    double at = double(warp.affine(0, d)) * x + double(warp.affine(1, d)) * y + warp.affine(2, d);
    for (int j = 0; j < warp.grid.dim(1).extent(); j++)
        for (int i = 0; i < warp.grid.dim(0).extent(); i++)
            at += double(warp.columns(x, i)) * warp.rows(y, j) * warp.grid(i, j, d);
    const double beyond = double(warp.cut(0)) * x + double(warp.cut(1)) * y + warp.cut(2);
    return at + (beyond > 0 ? warp.step(d) : 0);
}

}  // namespace

TEST_CASE("turns of a sample are the eight ways to lay a square", "[definition][deformation]") {
    const auto page = page_of<uint32_t>(9, 9, [](int x, int y) { return 9 * y + x; });
    Random random(1, 2);
    std::set<std::vector<uint32_t>> seen;
    for (int i = 0; i < 100; i++) {
        const Warp warp = warp_of(only_turned(random), 9, 0, 0, {0, 0, 9, 9});
        Ids source(1, warp.source.width, warp.source.height, 1000);
        for (int y = 0; y < 9; y++)
            for (int x = 0; x < 9; x++) source(x - warp.source.x, y - warp.source.y) = page(x, y);
        const Ids turned_page = augmented_labels(source, warp);
        bool known = false;
        for (int turn = 0; turn < turns; turn++) known |= turned(page, turn) == turned_page;
        CHECK(known);
        seen.insert(turned_page.values);
    }
    CHECK(seen.size() == turns);
}

TEST_CASE("what a warp reads lies in its source, with room for interpolation", "[definition][deformation]") {
    Random random(3, 4);
    for (int i = 0; i < 200; i++) {
        const int side = 1 + int(random.below(60)), x = int(random.below(100)) - 50, rim = int(random.below(3));
        const Rect region{int(random.below(20)) - 10, int(random.below(20)) - 10, 1 + int(random.below(70)),
                          1 + int(random.below(70))};
        Deformation deformation =
            Deformation::draw(random, {.scale = 0.5, .elastic = 8, .nodes = 1 + int(random.below(5))});
        if (i % 2) deformation.normal = {0.6, 0.8}, deformation.step = {-8, 6};
        const Warp warp = warp_of(deformation, side, x, -x, region, rim);
        const int sizes[] = {warp.source.width, warp.source.height};
        for (int v = -rim; v < region.height + rim; v++)
            for (int u = -rim; u < region.width + rim; u++)
                for (int d = 0; d < 2; d++) {
                    const double at = position(warp, u, v, d);
                    const bool inside = at >= 1 && at < sizes[d] - 2;
                    if (!inside) FAIL_CHECK(i << ": " << at << " of " << sizes[d]);
                }
    }
}

TEST_CASE("a displacement is that of the node at a node, and goes smoothly in between", "[definition][deformation]") {
    Random random(5, 6);
    const int side = 101;
    const Deformation deformation = Deformation::draw(random, {.flips_and_turns = false, .rotation = 0, .scale = 0});
    const Warp warp = warp_of(deformation, side, 0, 0, {0, 0, side, side});
    const auto shift = [&](int x, int y, int d) {
        return position(warp, x, y, d) + (d == 0 ? warp.source.x - x : warp.source.y - y);
    };
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 3; i++)
            for (int d = 0; d < 2; d++)
                CHECK(shift(50 * i, 50 * j, d) ==
                      Approx(deformation.displacements[size_t(3 * j + i)][size_t(d)]).margin(1e-4));
    double largest = 0;  // jump of the slope from pixel to pixel
    for (int x = 1; x < side - 1; x++)
        largest = std::max(largest, std::abs(shift(x + 1, 30, 0) - 2 * shift(x, 30, 0) + shift(x - 1, 30, 0)));
    CHECK(largest < 0.1);
}

TEST_CASE("deformations are as large as the options say", "[definition][deformation]") {
    Random random(7, 8);
    double squares = 0, largest_angle = 0, largest_scale = 0;
    const int count = 2000;
    for (int i = 0; i < count; i++) {
        const Deformation drawn =
            Deformation::draw(random, {.flips_and_turns = false, .rotation = 30, .scale = 0.25, .elastic = 7});
        for (const Deformation::Point &shift : drawn.displacements)
            squares += shift[0] * shift[0] + shift[1] * shift[1];
        largest_angle = std::max(largest_angle, std::abs(std::atan2(drawn.x_step[1], drawn.x_step[0])));
        largest_scale = std::max(largest_scale, std::abs(std::log(std::hypot(drawn.x_step[0], drawn.x_step[1]))));
    }
    CHECK(std::sqrt(squares / (count * 18)) == Approx(7).epsilon(0.03));
    CHECK(largest_angle * 180 / 3.14159265358979 == Approx(30).epsilon(0.01));
    CHECK(std::exp(largest_scale) == Approx(1.25).epsilon(0.01));
}

TEST_CASE("options that draw displacements leave the other numbers as they are", "[repeat][deformation]") {
    Random one(9, 1), other(9, 1);
    const Deformation plain = Deformation::draw(one, {.elastic = 0}),
                      elastic = Deformation::draw(other, {.elastic = 10, .nodes = 5});
    CHECK(plain.x_step == elastic.x_step);
    CHECK(one.bits() == other.bits());
}
