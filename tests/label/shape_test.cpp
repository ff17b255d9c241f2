#include "src/label/grow.h"
#include "src/label/instances.h"
#include "src/label/shape.h"
#include "src/label/smooth.h"
#include "src/sample/pieces.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <rapidcheck.h>
#include <set>

using namespace unet;

namespace {

struct Disk {
    double x, y, radius;
};

Pixels disks(int width, int height, const std::vector<Disk> &all) {
    Pixels image(1, width, height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (const Disk &disk : all)
                if (std::hypot(x - disk.x, y - disk.y) <= disk.radius) image(x, y) = 1;
    return image;
}

std::set<uint32_t> ids_of(const Ids &ids) {
    std::set<uint32_t> all(ids.values.begin(), ids.values.end());
    all.erase(0);
    return all;
}

Pixels any_probabilities() {
    Pixels foreground(1, *rc::gen::inRange(1, 24), *rc::gen::inRange(1, 24));
    for (float &p : foreground.values) p = 0.25f * float(*rc::gen::inRange(0, 5));
    return foreground;
}

}  // namespace

TEST_CASE("disks that touch are parted where they meet, a single one stays whole", "[definition][shape]") {
    const Ids two = parted_by_shape(disks(60, 30, {{16, 15, 11}, {37, 15, 11}}), 0.5, 1);
    CHECK(ids_of(two).size() == 2);
    for (int y = 8; y < 22; y++) {
        CHECK(two(16, y) == two(16, 15));
        CHECK(two(37, y) == two(37, 15));
    }
    CHECK(two(16, 15) != two(37, 15));
    CHECK(ids_of(parted_by_shape(disks(60, 30, {{16, 15, 11}}), 0.5, 1)).size() == 1);
    // Two that overlap so far that the outline hardly narrows are one.
    CHECK(ids_of(parted_by_shape(disks(60, 30, {{24, 15, 11}, {28, 15, 11}}), 0.5, 1)).size() == 1);
}

TEST_CASE("a hole parts no object", "[definition][shape]") {
    Pixels ring = disks(30, 30, {{15, 15, 12}});
    for (int y = 13; y < 18; y++)
        for (int x = 13; x < 18; x++) ring(x, y) = 0;
    const Ids objects = parted_by_shape(ring, 0.5, 1);
    CHECK(ids_of(objects).size() == 1);
    CHECK(objects(15, 15) == objects(15, 5));                                // filled
    CHECK(ids_of(parted_by_shape(Pixels(1, 9, 7, 1), 0.5, 1)).size() == 1);  // nothing outside
    CHECK(ids_of(parted_by_shape(Pixels(1, 9, 7, 0), 0.5, 1)).empty());
}

TEST_CASE("objects by shape cover the foreground, each in one piece", "[definition][shape]") {
    CHECK(rc::check([] {
        const Pixels foreground = any_probabilities();
        const Ids objects = instances(foreground, {.method = InstanceMethod::shape, .threshold = 0.4, .smoothing = 1});
        for (size_t i = 0; i < objects.values.size(); i++)
            if (foreground.values[i] > 0.4f) RC_ASSERT(objects.values[i] != 0);
        std::set<uint32_t> seen;
        for (const Pieces::Piece &piece : find_pieces(objects, Touching::by_side).all)
            if (piece.value) RC_ASSERT(seen.insert(piece.value).second);
    }));
}

TEST_CASE("smoothing is a weighted mean: constants stay, a peak spreads and keeps its sum", "[definition][shape]") {
    Pixels peak(1, 31, 25);
    peak(15, 12) = 1;
    const Pixels spread = smoothed(peak, 2);
    double sum = 0;
    for (const float value : spread.values) sum += value;
    CHECK(sum == Approx(1).epsilon(1e-5));
    CHECK(spread(15, 12) / spread(17, 12) == Approx(std::exp(0.5)).epsilon(1e-5));
    CHECK(spread(13, 12) == spread(15, 10));
    CHECK(smoothed(peak, 0) == peak);
    for (const float value : smoothed(Pixels(1, 5, 3, 4), 3).values) CHECK(value == Approx(4));
}

TEST_CASE("objects grow by sides until they meet", "[definition][shape]") {
    Ids row(1, 9, 1);
    row(1, 0) = 1, row(6, 0) = 2;
    CHECK(grown_objects(row, 1).values == std::vector<uint32_t>{1, 1, 1, 0, 0, 2, 2, 2, 0});
    CHECK(grown_objects(row, 5).values == std::vector<uint32_t>{1, 1, 1, 1, 2, 2, 2, 2, 2});
    CHECK(grown_objects(row, 0) == row);
    Ids dot(1, 3, 3);
    dot(1, 1) = 7;
    CHECK(grown_objects(dot, 1).values == std::vector<uint32_t>{0, 7, 0, 7, 7, 7, 0, 7, 0});
    Pixels cells(1, 9, 1);
    cells(1, 0) = 1, cells(6, 0) = 1;
    CHECK(instances(cells, {.grow = 1}).values == std::vector<uint32_t>{1, 1, 1, 0, 0, 2, 2, 2, 0});
}
