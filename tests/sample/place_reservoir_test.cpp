#include "src/sample/place_reservoir.h"
#include <algorithm>
#include <catch2/catch.hpp>

using namespace unet;

namespace {

std::vector<PixelPlace> grid() {
    std::vector<PixelPlace> all;
    for (int page = 0; page < 4; page++)
        for (int y = 0; y < 50; y++)
            for (int x = 0; x < 50; x++) all.push_back({page % 2, page, x, y});
    return all;
}

std::vector<PixelPlace> kept(const std::vector<PixelPlace> &seen, size_t most) {
    PlaceReservoir reservoir(most);
    for (const PixelPlace &place : seen) reservoir.see(place);
    return reservoir.places();
}

}  // namespace

TEST_CASE("a reservoir keeps all of a few places, and as many as it may of more", "[definition][reservoir]") {
    const std::vector<PixelPlace> all = grid();
    CHECK(kept({all[3], all[9]}, 5).size() == 2);
    CHECK(kept(all, 100).size() == 100);
    CHECK(kept({}, 100).empty());
}

TEST_CASE("what a reservoir keeps hangs on the places, not on their order", "[repeat][reservoir]") {
    std::vector<PixelPlace> all = grid();
    const auto once = kept(all, 100);
    std::reverse(all.begin(), all.end());
    CHECK(kept(all, 100) == once);
}

TEST_CASE("all places are as likely to be kept", "[definition][reservoir]") {
    int of_page[4] = {}, left = 0, above = 0;
    for (const PixelPlace &place : kept(grid(), 2000)) {
        of_page[place.page]++;
        left += place.x < 25;
        above += place.y < 25;
    }
    for (const int count : of_page) CHECK(count == Approx(500).epsilon(0.12));
    CHECK(left == Approx(1000).epsilon(0.08));
    CHECK(above == Approx(1000).epsilon(0.08));
}
