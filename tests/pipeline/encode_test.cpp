#include "pipeline/encode.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

using namespace unet;

namespace {

// Three classes on 4 x 3 pixels, of which some tie.
Pixels probabilities() {
    Pixels p(3, 4, 3);
    for (size_t i = 0; i < p.values.size(); i++) p.values[i] = float((i * 37) % 11) / 10;
    p(0, 1, 1) = p(1, 1, 1) = p(2, 1, 1) = 1 / 3.f;
    p(0, 2, 1) = 0.1f;
    p(1, 2, 1) = p(2, 2, 1) = 0.45f;
    return p;
}

constexpr Rect part{1, 1, 3, 2};

template<class T>
T sample(const std::vector<uint8_t> &bytes, size_t index) {
    T value;
    std::memcpy(&value, &bytes[index * sizeof(T)], sizeof(T));
    return value;
}

}  // namespace

TEST_CASE("a class is the first of those with the highest probability", "[definition][encode]") {
    const Pixels p = probabilities();
    const std::vector<uint8_t> classes = encode(p, part, {});
    REQUIRE(classes.size() == 6);
    CHECK(classes[0] == 0);
    CHECK(classes[1] == 1);
    for (int i = 0; i < 6; i++) {
        const int x = part.x + i % 3, y = part.y + i / 3;
        for (int c = 0; c < 3; c++) CHECK(p(classes[i], x, y) >= p(c, x, y));
    }
}

TEST_CASE("probabilities are rounded to the type's range, plane by plane", "[definition][encode]") {
    const Pixels p = probabilities();
    const std::vector<uint8_t> u8 = encode(p, part, {true, SampleType::u8}),
                               u16 = encode(p, part, {true, SampleType::u16}),
                               f32 = encode(p, part, {true, SampleType::f32});
    REQUIRE(u8.size() == 18);
    REQUIRE(u16.size() == 36);
    REQUIRE(f32.size() == 72);
    for (int i = 0; i < 18; i++) {
        const float value = p(i / 6, part.x + i % 3, part.y + i % 6 / 3);
        CHECK(u8[i] == std::lround(255 * value));
        CHECK(sample<uint16_t>(u16, i) == std::lround(65535 * value));
        CHECK(sample<float>(f32, i) == value);
    }
}
