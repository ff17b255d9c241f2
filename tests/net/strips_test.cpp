#include "src/net/strips.h"
#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace unet;

namespace {

Rows convolved(Rows out) { return {out.begin, out.end + 2}; }
Rows pooled(Rows out) { return {2 * out.begin, 2 * out.end}; }

/// Some convolutions and perhaps a pooling, and the image they end with.
std::vector<RowUse> any_layers() {
    std::vector<RowUse> layers;
    int height = *rc::gen::inRange(1, 100);
    if (*rc::gen::arbitrary<bool>()) {
        layers.push_back({height, 1, pooled});
        height *= 2;
    }
    const int convolutions = *rc::gen::inRange(layers.empty() ? 1 : 0, 4);
    for (int i = 0; i < convolutions; i++, height += 2)
        layers.insert(layers.begin(), {height, *rc::gen::inRange(1, 6), convolved});
    return layers;
}

}  // namespace

TEST_CASE("strips compute every row of every layer once, when its input is there", "[definition][strips]") {
    CHECK(rc::check([] {
        const std::vector<RowUse> layers = any_layers();
        std::vector<int> done(layers.size(), 0);
        for (const std::vector<Rows> &strip : cut_into_strips(layers, *rc::gen::inRange(1, 20)))
            for (size_t i = 0; i < layers.size(); i++) {
                RC_ASSERT(strip[i].begin == done[i] && strip[i].end >= strip[i].begin);
                RC_ASSERT(strip[i].end % layers[i].unit == 0 || strip[i].end == layers[i].height);
                if (strip[i].count() && i > 0) RC_ASSERT(layers[i].input(strip[i]).end <= done[i - 1]);
                done[i] = strip[i].end;
            }
        for (size_t i = 0; i < layers.size(); i++) RC_ASSERT(done[i] == layers[i].height);
    }));
}

TEST_CASE("strips are for layers that write far more than a cache holds", "[definition][strips]") {
    constexpr size_t mb = size_t(1) << 20;
    const StripWork level0{.height = 284, .tallest = 570, .written = 94 * mb, .filter_bytes = mb / 4, .threads = 2};
    CHECK(strip_rows(level0, 4 * mb) == 12);
    CHECK(strip_rows(level0, 8 * mb) == 24);
    StripWork work = level0;
    work.filter_bytes = 4 * mb;  // they count twice
    CHECK(strip_rows(work, 4 * mb) == 24);
    work.filter_bytes = 8 * mb;  // too few strips
    CHECK(strip_rows(work, 4 * mb) == work.height);
    work = level0, work.written *= 10, work.threads = 3;  // 36 rows of the first layer
    CHECK(strip_rows(work, 4 * mb) == 16);
    work.threads = 16;
    CHECK(strip_rows(work, 4 * mb) == work.height);
    CHECK(strip_rows({}) == 0);
}
