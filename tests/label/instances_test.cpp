#include "src/label/instances.h"
#include "src/sample/pieces.h"
#include <catch2/catch.hpp>
#include <map>
#include <rapidcheck.h>
#include <set>

using namespace unet;

namespace {

Pixels row_of(std::vector<float> values) {
    Pixels row(1, int(values.size()), 1);
    row.values = std::move(values);
    return row;
}

Pixels any_foreground() {
    Pixels foreground(1, *rc::gen::inRange(1, 20), *rc::gen::inRange(1, 20));
    for (float &p : foreground.values) p = 0.1f * float(*rc::gen::inRange(0, 11));
    return foreground;
}

}  // namespace

TEST_CASE("components are the connected pieces of the foreground", "[definition][instances]") {
    CHECK(rc::check([] {
        const Pixels foreground = any_foreground();
        Ids above(1, foreground.width, foreground.height);
        for (size_t i = 0; i < above.values.size(); i++) above.values[i] = foreground.values[i] > 0.45f;
        RC_ASSERT(instances(foreground, {.threshold = 0.45}) == connected_components(above, Touching::by_side));
    }));
}

TEST_CASE("small objects are left out and the others numbered without a gap", "[definition][instances]") {
    const Pixels row = row_of({1, 1, 0, 1, 0, 1, 1, 1});
    CHECK(instances(row, {.smallest = 2}).values == std::vector<uint32_t>{1, 1, 0, 0, 0, 2, 2, 2});
    CHECK(instances(row, {.smallest = 4}).values == std::vector<uint32_t>(8, 0));
}

TEST_CASE("objects that lie wholly outside the field of interest are left out", "[definition][instances]") {
    Pixels page(1, 7, 7);
    const auto fill = [&](int x, int y, int width, int height) {
        for (int v = y; v < y + height; v++)
            for (int u = x; u < x + width; u++) page(u, v) = 1;
    };
    fill(0, 0, 7, 2);  // in the rim
    fill(2, 3, 1, 1);  // on the field's edge
    fill(5, 4, 2, 1);  // in the rim
    fill(3, 6, 1, 1);
    const auto rows = [&](const InstanceOptions &options) {
        std::set<std::pair<int, uint32_t>> found;
        const Ids objects = instances(page, options);
        for (int y = 0; y < 7; y++)
            for (int x = 0; x < 7; x++)
                if (objects(x, y)) found.emplace(y, objects(x, y));
        return found;
    };
    using Rows = std::set<std::pair<int, uint32_t>>;
    CHECK(rows({.field_of_interest = 0}) == Rows{{0, 1}, {1, 1}, {3, 2}, {4, 3}, {6, 4}});
    CHECK(rows({.field_of_interest = 2}) == Rows{{3, 1}});
    CHECK(rows({.field_of_interest = 1}) == Rows{{0, 1}, {1, 1}, {3, 2}, {4, 3}});
    CHECK(rows({.field_of_interest = 4}).empty());                      // there is no field
    CHECK(rows({.grow = 1, .field_of_interest = 2}).contains({2, 1}));  // judged as they are grown
}

TEST_CASE("a watershed parts objects where they are least likely", "[definition][instances]") {
    const InstanceOptions options{.method = InstanceMethod::watershed};
    CHECK(instances(row_of({0.7f, 0.95f, 0.8f, 0.6f, 0.7f, 0.95f, 0}), options).values ==
          std::vector<uint32_t>{1, 1, 1, 1, 2, 2, 0});  // the valley goes to whom comes first
    // A piece without a seed is an object all the same.
    CHECK(instances(row_of({0.95f, 0, 0.6f, 0.7f}), options).values == std::vector<uint32_t>{1, 0, 2, 2});
}

TEST_CASE("a speck of certainty parts no object", "[definition][instances]") {
    const Pixels row = row_of({0.95f, 0.95f, 0.6f, 0.95f, 0.7f, 0, 0.95f});
    const auto watershed = [&](uint64_t smallest) {
        return instances(row, {.method = InstanceMethod::watershed, .smallest = smallest}).values;
    };
    CHECK(watershed(1) == std::vector<uint32_t>{1, 1, 1, 2, 2, 0, 3});
    CHECK(watershed(2) == std::vector<uint32_t>{1, 1, 1, 1, 1, 0, 0});
}

TEST_CASE("a watershed covers the foreground with connected objects, one for each seed", "[definition][instances]") {
    CHECK(rc::check([] {
        const Pixels foreground = any_foreground();
        const Ids objects =
            instances(foreground, {.method = InstanceMethod::watershed, .threshold = 0.45, .seed = 0.75});
        std::map<uint32_t, int> pieces;  // of each object
        for (const Pieces::Piece &piece : find_pieces(objects, Touching::by_side).all)
            if (piece.value) pieces[piece.value]++;
        for (const auto &[object, count] : pieces) RC_ASSERT(count == 1);
        Ids seeds(1, foreground.width, foreground.height);
        for (size_t i = 0; i < seeds.values.size(); i++) {
            RC_ASSERT((objects.values[i] != 0) == (foreground.values[i] > 0.45f));
            seeds.values[i] = foreground.values[i] > 0.75f;
        }
        std::map<uint32_t, std::set<uint32_t>> objects_of_seed;
        seeds = connected_components(seeds, Touching::by_side);
        for (size_t i = 0; i < seeds.values.size(); i++)
            if (seeds.values[i]) objects_of_seed[seeds.values[i]].insert(objects.values[i]);
        std::set<uint32_t> taken;
        for (const auto &[seed, found] : objects_of_seed) {
            RC_ASSERT(found.size() == 1);
            RC_ASSERT(taken.insert(*found.begin()).second);
        }
    }));
}
