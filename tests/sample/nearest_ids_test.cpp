#include "src/sample/nearest_ids.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <rapidcheck.h>

using namespace unet;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// By the definition: from each pixel to all pixels.
NearestIds by_brute_force(const Ids &ids) {
    NearestIds distances{Pixels(1, ids.width, ids.height, infinity), Pixels(1, ids.width, ids.height, infinity)};
    for (int y = 0; y < ids.height; y++)
        for (int x = 0; x < ids.width; x++) {
            std::map<uint32_t, double> nearest;
            for (int v = 0; v < ids.height; v++)
                for (int u = 0; u < ids.width; u++)
                    if (const uint32_t id = ids(u, v)) {
                        const double distance = std::sqrt(double((u - x) * (u - x) + (v - y) * (v - y)));
                        const auto [found, is_new] = nearest.emplace(id, distance);
                        if (!is_new) found->second = std::min(found->second, distance);
                    }
            std::vector<double> sorted;
            for (const auto &[id, distance] : nearest) sorted.push_back(distance);
            std::sort(sorted.begin(), sorted.end());
            if (!sorted.empty()) distances.first(x, y) = float(sorted[0]);
            if (sorted.size() > 1) distances.second(x, y) = float(sorted[1]);
        }
    return distances;
}

/// Rectangles of some ids, which may be in several pieces, and single pixels of others.
Ids any_ids() {
    Ids ids(1, *rc::gen::inRange(1, 40), *rc::gen::inRange(1, 40));
    const int pieces = *rc::gen::inRange(0, 12), most = *rc::gen::inRange(1, 8);
    for (int i = 0; i < pieces; i++) {
        const auto id = uint32_t(*rc::gen::inRange(0, most + 1));
        const int left = *rc::gen::inRange(0, ids.width), top = *rc::gen::inRange(0, ids.height);
        const int right = std::min(ids.width, left + *rc::gen::inRange(1, 15));
        const int bottom = std::min(ids.height, top + *rc::gen::inRange(1, 15));
        for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++) ids(x, y) = id;
    }
    return ids;
}

}  // namespace

TEST_CASE("distances to the two nearest ids are those of the definition", "[definition][weights]") {
    CHECK(rc::check([] {
        const Ids ids = any_ids();
        const NearestIds expected = by_brute_force(ids), distances = nearest_ids(ids);
        RC_ASSERT(distances.first == expected.first);
        RC_ASSERT(distances.second == expected.second);
    }));
}

TEST_CASE("distances farther than asked for are infinite, the others as they are", "[definition][weights]") {
    CHECK(rc::check([] {
        const Ids ids = any_ids();
        const int most = *rc::gen::inRange(0, 20);
        NearestIds expected = by_brute_force(ids);
        for (Pixels *distances : {&expected.first, &expected.second})
            for (float &distance : distances->values)
                if (distance > float(most)) distance = infinity;
        const NearestIds distances = nearest_ids(ids, most);
        RC_ASSERT(distances.first == expected.first);
        RC_ASSERT(distances.second == expected.second);
    }));
}

TEST_CASE("a window without ids, with one and with two", "[definition][weights]") {
    Ids ids(1, 5, 1);
    CHECK(nearest_ids(ids).first.values == std::vector<float>(5, infinity));
    ids(0, 0) = 7;
    CHECK(nearest_ids(ids).first.values == std::vector<float>{0, 1, 2, 3, 4});
    CHECK(nearest_ids(ids).second.values == std::vector<float>(5, infinity));
    ids(4, 0) = 9;
    CHECK(nearest_ids(ids).first.values == std::vector<float>{0, 1, 2, 1, 0});
    CHECK(nearest_ids(ids).second.values == std::vector<float>{4, 3, 2, 3, 4});
}
