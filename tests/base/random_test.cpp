#include "src/base/random.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace unet;

TEST_CASE("the bit mixer is SplitMix64's", "[definition][random]") {
    // The first outputs of SplitMix64 with seed 0, as published with it: state k times the golden ratio, mixed.
    CHECK(mix_bits(0x9e3779b97f4a7c15ull * 1) == 0xe220a8397b1dcdafull);
    CHECK(mix_bits(0x9e3779b97f4a7c15ull * 2) == 0x6e789e6aa1b965f4ull);
    CHECK(mix_bits(0x9e3779b97f4a7c15ull * 3) == 0x06c45d188009454full);
}

TEST_CASE("a stream is decided by seed and stream alone", "[definition][random]") {
    Random a(1, 2), again(1, 2), other_seed(2, 2), other_stream(1, 3);
    const uint64_t first = a.bits();
    CHECK(first == again.bits());
    CHECK(first != other_seed.bits());
    CHECK(first != other_stream.bits());
    CHECK(a.bits() != first);
}

TEST_CASE("random numbers have the mean and spread of their distribution", "[definition][random]") {
    constexpr int count = 100000;
    Random random(7, 0);
    double uniform = 0, normal = 0, squares = 0;
    std::vector<int> dice(6);
    for (int i = 0; i < count; i++) {
        const double u = random.uniform(), n = random.normal();
        REQUIRE((u >= 0 && u < 1));
        uniform += u / count;
        normal += n / count;
        squares += n * n / count;
        dice[random.below(6)]++;
    }
    // Five standard deviations of each mean.
    CHECK(std::fabs(uniform - 0.5) < 5 * std::sqrt(1 / 12. / count));
    CHECK(std::fabs(normal) < 5 * std::sqrt(1. / count));
    CHECK(std::fabs(squares - 1) < 5 * std::sqrt(2. / count));
    for (int hits : dice) CHECK(std::fabs(hits - count / 6.) < 5 * std::sqrt(count * 5 / 36.));
}
