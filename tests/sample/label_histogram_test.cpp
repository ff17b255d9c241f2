#include "src/sample/label_histogram.h"
#include <catch2/catch.hpp>
#include <map>
#include <rapidcheck.h>

using namespace unet;

namespace {

// Empties the 8-connected piece around (x, y) of a map in which `done` marks what was counted.
void flood(const Ids &ids, std::vector<bool> &done, int x, int y, uint32_t value) {
    if (x < 0 || y < 0 || x >= ids.width || y >= ids.height || ids(x, y) != value || done[ids.index(0, x, y)]) return;
    done[ids.index(0, x, y)] = true;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) flood(ids, done, x + dx, y + dy, value);
}

std::map<uint32_t, uint64_t> pieces_by_flooding(const Ids &ids) {
    std::map<uint32_t, uint64_t> pieces;
    std::vector<bool> done(ids.values.size());
    for (int y = 0; y < ids.height; y++)
        for (int x = 0; x < ids.width; x++)
            if (!done[ids.index(0, x, y)]) {
                pieces[ids(x, y)]++;
                flood(ids, done, x, y, ids(x, y));
            }
    return pieces;
}

}  // namespace

TEST_CASE("pixels and 8-connected pieces of each value equal a flood fill", "[definition][labels]") {
    CHECK(rc::check([] {
        Ids ids(1, *rc::gen::inRange(1, 20), *rc::gen::inRange(1, 20));
        const uint32_t values = *rc::gen::inRange<uint32_t>(1, 6);
        for (uint32_t &id : ids.values) id = *rc::gen::inRange<uint32_t>(0, values);
        LabelHistogram histogram;
        histogram.add(ids, nullptr);
        const auto pieces = pieces_by_flooding(ids);
        RC_ASSERT(histogram.counts().size() == pieces.size());
        for (const auto &[value, count] : histogram.counts()) {
            RC_ASSERT(count.pieces == pieces.at(value));
            RC_ASSERT(count.pixels == uint64_t(std::count(ids.values.begin(), ids.values.end(), value)));
            RC_ASSERT(count.windows == 1u);
            RC_ASSERT(count.whole == (count.pieces == 1 ? 1u : 0u));
        }
    }));
}

TEST_CASE("a U of pixels is one piece although its arms meet last", "[definition][labels]") {
    Ids ids(1, 5, 4);
    for (int y = 0; y < 4; y++) ids(0, y) = ids(4, y) = 7;
    ids(1, 3) = ids(2, 3) = ids(3, 3) = 7;
    LabelHistogram histogram;
    histogram.add(ids, nullptr);
    CHECK(histogram.counts().at(7).pieces == 1);
    CHECK(histogram.counts().at(7).pixels == 11);
}

TEST_CASE("an ignored value is not counted", "[definition][labels]") {
    Ids ids(1, 3, 1);
    ids.values = {0, 9, 4};
    const uint32_t ignore = 9;
    LabelHistogram histogram;
    histogram.add(ids, &ignore);
    CHECK(histogram.values() == std::vector<uint32_t>{0, 4});
}

TEST_CASE("counting different values stops at 65536, pixels are still all counted", "[definition][labels]") {
    Ids ids(1, 300, 300);
    for (size_t i = 0; i < ids.values.size(); i++) ids.values[i] = uint32_t(i) * 1000;
    LabelHistogram histogram;
    histogram.add(ids, nullptr);
    CHECK(histogram.counts().size() == LabelHistogram::most_values);
    CHECK_FALSE(histogram.complete());
    CHECK(histogram.rest().pixels == 90000 - LabelHistogram::most_values);
}
