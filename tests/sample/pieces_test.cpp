#include "src/sample/pieces.h"
#include <catch2/catch.hpp>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <vector>

using namespace unet;

namespace {

Ids any_values() {
    Ids values(1, *rc::gen::inRange(1, 20), *rc::gen::inRange(1, 20));
    for (uint32_t &value : values.values) value = uint32_t(*rc::gen::inRange(0, 3));
    return values;
}

/// By flooding from each pixel that has no number yet, in reading order.
Ids flooded(const Ids &values, bool corners) {
    Ids numbers(1, values.width, values.height);
    uint32_t count = 0;
    for (int y = 0; y < values.height; y++)
        for (int x = 0; x < values.width; x++) {
            if (values(x, y) == 0 || numbers(x, y) != 0) continue;
            std::vector<std::pair<int, int>> open{{x, y}};
            numbers(x, y) = ++count;
            while (!open.empty()) {
                const auto [u, v] = open.back();
                open.pop_back();
                for (int b = std::max(0, v - 1); b <= std::min(values.height - 1, v + 1); b++)
                    for (int a = std::max(0, u - 1); a <= std::min(values.width - 1, u + 1); a++) {
                        if (!corners && a != u && b != v) continue;
                        if (values(a, b) != values(x, y) || numbers(a, b) != 0) continue;
                        numbers(a, b) = count;
                        open.push_back({a, b});
                    }
            }
        }
    return numbers;
}

}  // namespace

TEST_CASE("connected components are numbered as a flood from their first pixels numbers them", "[definition][pieces]") {
    CHECK(rc::check([] {
        const Ids values = any_values();
        RC_ASSERT(connected_components(values, Touching::by_side) == flooded(values, false));
        RC_ASSERT(connected_components(values, Touching::by_side_or_corner) == flooded(values, true));
    }));
}

TEST_CASE("pieces know their value and size", "[definition][pieces]") {
    CHECK(rc::check([] {
        const Ids values = any_values(), numbers = flooded(values, true);
        std::map<uint32_t, uint64_t> pixels;  // of numbered pieces
        for (const uint32_t number : numbers.values) pixels[number]++;
        uint64_t all = 0;
        std::multiset<uint64_t> expected, found;
        for (const auto &[number, count] : pixels)
            if (number) expected.insert(count);
        for (const Pieces::Piece &piece : find_pieces(values, Touching::by_side_or_corner).all) {
            all += piece.pixels;
            if (piece.value) found.insert(piece.pixels);
        }
        RC_ASSERT(all == values.values.size());
        RC_ASSERT(found == expected);
    }));
}
