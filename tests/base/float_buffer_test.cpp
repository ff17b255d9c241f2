#include "src/base/float_buffer.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <new>

using namespace unet;

TEST_CASE("a buffer of any size is all 0 and starts on a border of 128 bytes", "[definition][float_buffer]") {
    const size_t size = GENERATE(0, 1, 33, 1000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5000000);
    CAPTURE(size);
    for (int again = 0; again < 3; again++) {
        const FloatBuffer buffer(size);
        CHECK(buffer.size() == size);
        CHECK(uintptr_t(buffer.data()) % 128 == 0);
        CHECK(std::all_of(buffer.data(), buffer.data() + size, [](float value) { return value == 0; }));
        std::fill_n(buffer.data(), size, 1.0f);  // memory that is handed out again must be cleared
    }
}

TEST_CASE("more memory than there is throws", "[error][float_buffer]") {
    CHECK_THROWS_AS(FloatBuffer(SIZE_MAX), std::bad_alloc);
    CHECK_THROWS_AS(FloatBuffer(SIZE_MAX / 4), std::bad_alloc);
    CHECK_THROWS_AS(FloatBuffer(size_t(1) << 60), std::bad_alloc);
}
