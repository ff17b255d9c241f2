#include "src/kernels/scratch.h"
#include <catch2/catch.hpp>
#include <memory>

using namespace unet;

namespace {

constexpr size_t mb = size_t(1) << 20;

bool inside(const void *pointer, const char *memory, size_t bytes) {
    return pointer >= memory && pointer < memory + bytes;
}

}  // namespace

TEST_CASE("large temporaries lie in a region as far as they fit, small ones outside", "[definition][scratch]") {
    alignas(128) static char memory[4 * mb];
    const ScratchRegion region(memory, sizeof memory);
    void *small = take_scratch(ScratchRegion::least - 1), *first = take_scratch(mb), *second = take_scratch(2 * mb),
         *too_large = take_scratch(mb + 1), *last = take_scratch(mb);
    CHECK_FALSE(inside(small, memory, sizeof memory));
    CHECK(first == memory);
    CHECK(second == memory + mb);
    CHECK_FALSE(inside(too_large, memory, sizeof memory));
    CHECK(last == memory + 3 * mb);

    release_scratch(second);
    void *third = take_scratch(mb), *fourth = take_scratch(mb);
    CHECK(third == memory + mb);  // in the gap
    CHECK(fourth == memory + 2 * mb);
    for (void *pointer : {small, first, too_large, last, third, fourth}) release_scratch(pointer);
    void *whole = take_scratch(sizeof memory);
    CHECK(whole == memory);
    release_scratch(whole);
}

TEST_CASE("a region inside another takes over and hands back", "[definition][scratch]") {
    alignas(128) static char outer_memory[mb], inner_memory[mb];
    const ScratchRegion outer(outer_memory, sizeof outer_memory);
    void *before = take_scratch(mb / 2);
    {
        const ScratchRegion inner(inner_memory, sizeof inner_memory);
        void *within = take_scratch(mb);
        CHECK(within == inner_memory);
        release_scratch(within);
    }
    CHECK(before == outer_memory);
    void *after = take_scratch(mb / 2);
    CHECK(after == outer_memory + mb / 2);
    release_scratch(before);
    release_scratch(after);
}
