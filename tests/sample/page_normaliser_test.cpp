#include "src/base/random.h"
#include "src/sample/normalise.h"
#include "src/sample/page_normaliser.h"
#include "tests/sample/written_stack.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

using namespace unet;
using test::TemporaryFolder;
using test::written;

namespace {

// Each page about as bright again as the one before.
std::vector<Array<uint16_t>> pages_of_rising_brightness(int count) {
    std::vector<Array<uint16_t>> pages(count, Array<uint16_t>(2, 40, 30));
    for (int page = 0; page < count; page++) {
        Random random(3, uint64_t(page));
        for (uint16_t &value : pages[page].values) value = uint16_t(random.below(100) << page);
    }
    return pages;
}

struct Stack {
    TemporaryFolder folder;
    std::vector<Array<uint16_t>> pages = pages_of_rising_brightness(5);
    StackPtr images = written(folder / "images.tif", pages);
    std::atomic<int> reads = 0;
    PageNormaliser by_page{{{0, 0}, {1, 1}, true}, images->shape(), [this](int page, Rect region) {
                               reads++;
                               return images->read(page, region);
                           }};

    // Of this page as if it were a stack.
    Normalisation expected(int page) const {
        const TemporaryFolder alone;
        return normalisation_of(survey_grays({written(alone / "page.tif", std::vector{pages[page]})}));
    }
};

}  // namespace

TEST_CASE("a page is normalised by its own percentiles, whatever part is asked for", "[definition][normalise]") {
    const Rect region = GENERATE(Rect{0, 0, 40, 30}, Rect{5, 7, 3, 2});
    Stack stack;
    for (const int page : {3, 0, 3, 4}) {
        CAPTURE(page);
        Pixels pixels = stack.images->read(page, region), expected = pixels;
        stack.by_page.apply(page, pixels);
        stack.expected(page).apply(expected);
        CHECK(pixels == expected);
    }
    CHECK(stack.reads == 3);  // one window for each of the pages asked for
}

TEST_CASE("several threads that normalise a page read it once", "[repeat][normalise]") {
    Stack stack;
    Pixels expected = stack.images->read(2, {0, 0, 40, 30});
    const Pixels raw = expected;
    stack.expected(2).apply(expected);
    std::vector<Pixels> found(6, raw);
    std::vector<std::thread> threads;
    for (Pixels &pixels : found) threads.emplace_back([&] { stack.by_page.apply(2, pixels); });
    for (std::thread &thread : threads) thread.join();
    for (const Pixels &pixels : found) CHECK(pixels == expected);
    CHECK(stack.reads == 1);
}

TEST_CASE("a page of one value becomes 0, one by the set's range is not read", "[definition][normalise]") {
    const TemporaryFolder folder;
    const StackPtr images = written(folder / "flat.tif", std::vector<Classes>{Classes(1, 8, 8, 7)});
    const auto read = [&](int page, Rect region) { return images->read(page, region); };
    Pixels pixels = images->read(0, {0, 0, 8, 8});
    PageNormaliser({{0}, {1}, true}, images->shape(), read).apply(0, pixels);
    CHECK(pixels == Pixels(1, 8, 8, 0.0f));

    pixels = images->read(0, {0, 0, 8, 8});
    const auto never = [](int, Rect) -> Pixels { throw std::logic_error("read"); };
    PageNormaliser({{5}, {9}, false}, images->shape(), never).apply(0, pixels);
    CHECK(pixels == Pixels(1, 8, 8, 0.5f));
}
