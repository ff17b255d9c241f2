#include "src/sample/lazy_stack.h"
#include "src/base/mirror.h"
#include "tests/sample/written_stack.h"
#include <catch2/catch.hpp>
#include <thread>

using namespace unet;
using test::page_of;
using test::TemporaryFolder;

namespace {

size_t open_files() {
    return size_t(
        std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("a hundred stacks that share a pool are read right with few files open", "[definition][lazy_stack]") {
    const TemporaryFolder folder;
    const auto pool = std::make_shared<StackPool>(4);
    std::vector<StackPtr> stacks;
    const size_t before = open_files();
    for (int i = 0; i < 100; i++) {
        const auto file = folder / (std::to_string(i) + ".tif");
        write_stack(file, std::vector<Classes>{Classes(1, 3, 2, uint8_t(i))});
        stacks.push_back(std::make_shared<const LazyStack>(std::vector<std::filesystem::path>{file}, pool));
    }
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 100; i++) REQUIRE(stacks[i]->read_ids(0, {1, 1, 1, 1}).values[0] == uint32_t(i));
    CHECK(open_files() <= before + 4);
}

TEST_CASE("a stack never gets the reader of one that is gone", "[definition][lazy_stack]") {
    const TemporaryFolder folder;
    const auto pool = std::make_shared<StackPool>();
    for (int i = 0; i < 20; i++) {  // one after the other, so that addresses are used again
        const auto file = folder / (std::to_string(i) + ".tif");
        write_stack(file, std::vector<Classes>{Classes(1, 3, 2, uint8_t(i))});
        const auto stack = std::make_unique<const LazyStack>(std::vector<std::filesystem::path>{file}, pool);
        REQUIRE(stack->read_ids(0, {0, 0, 1, 1}).values[0] == uint32_t(i));
        REQUIRE(stack->part({1, 1, 2, 1}).read_ids(0, {1, 0, 1, 1}).values[0] == uint32_t(i));
    }
}

TEST_CASE("background at the edge of a page may be unsure, of parts and mirrored too", "[definition][lazy_stack]") {
    const TemporaryFolder folder;
    const auto stack =
        test::written(folder / "a.tif",
                      std::vector<Array<uint8_t>>{page_of<uint8_t>(6, 5, [](int x, int) { return x == 4 ? 7 : 0; })});
    const LazyStack unsure = stack->unsure_at_edge(2, 9);
    CHECK(unsure.read_ids(0, {0, 2, 6, 1}).values == std::vector<uint32_t>{9, 9, 0, 0, 7, 9});
    CHECK(unsure.read_ids(0, {1, 1, 4, 1}).values == std::vector<uint32_t>{9, 9, 9, 7});
    CHECK(unsure.part({1, 2, 3, 2}).read_ids(0, {0, 0, 3, 2}).values == std::vector<uint32_t>{9, 0, 0, 9, 9, 9});
    CHECK(unsure.read_ids_mirrored(0, {-2, 2, 5, 1}).values == std::vector<uint32_t>{0, 9, 9, 9, 0});
    CHECK(stack->read_ids(0, {0, 2, 6, 1}).values == std::vector<uint32_t>{0, 0, 0, 0, 7, 0});
}

TEST_CASE("stacks of one pool can be read by several threads", "[repeat][lazy_stack]") {
    const TemporaryFolder folder;
    const auto pool = std::make_shared<StackPool>(2);
    std::vector<StackPtr> stacks;
    for (int i = 0; i < 6; i++) {
        const auto file = folder / (std::to_string(i) + ".tif");
        write_stack(file, std::vector<Classes>{Classes(1, 30, 20, uint8_t(i))});
        stacks.push_back(std::make_shared<const LazyStack>(std::vector<std::filesystem::path>{file}, pool));
    }
    std::vector<int> wrong(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; t++)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 60; i++)
                wrong[t] += stacks[(i + t) % 6]->read_ids(0, {2, 3, 1, 1}).values[0] != uint32_t((i + t) % 6);
        });
    for (std::thread &thread : threads) thread.join();
    CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("a window over the border of a page is mirrored, also when the page is a single pixel",
          "[definition][lazy_stack]") {
    const TemporaryFolder folder;
    const auto [width, height] = GENERATE(table<int, int>({{1, 1}, {5, 3}, {40, 30}}));
    const auto stack = test::written(folder / "a.tif", std::vector<Array<uint16_t>>{page_of<uint16_t>(
                                                           width, height, [](int x, int y) { return 100 * y + x; })});
    const Rect window{-13, -7, 60, 41};
    const Ids ids = stack->read_ids_mirrored(0, window);
    const Pixels pixels = stack->read_mirrored(0, window);
    int wrong = 0;
    for (int y = 0; y < window.height; y++)
        for (int x = 0; x < window.width; x++) {
            const uint32_t expected =
                100 * mirror(window.y + y, stack->shape().height) + mirror(window.x + x, stack->shape().width);
            wrong += ids(x, y) != expected || pixels(x, y) != float(expected);
        }
    CHECK(wrong == 0);
}

TEST_CASE("a lazy stack of some slices counts its pages from the first of them", "[definition][lazy_stack]") {
    const test::TemporaryFolder folder;
    std::vector<Array<uint8_t>> pages;
    for (uint8_t page = 0; page < 5; page++) pages.emplace_back(1, 3, 2, page);
    write_stack(folder.path() / "five.tif", pages);

    const LazyStack middle({folder.path() / "five.tif"}, std::make_shared<StackPool>(), std::pair(2, 4));

    CHECK(middle.shape().pages == 2);
    CHECK(middle.read(0, {0, 0, 1, 1})(0, 0) == 2);
    CHECK(middle.read_ids(1, {0, 0, 1, 1})(0, 0) == 3);
}

TEST_CASE("slices that a stack does not hold are refused with those it does", "[error][lazy_stack]") {
    const test::TemporaryFolder folder;
    write_stack(folder.path() / "two.tif", std::vector(2, Array<uint8_t>(1, 3, 2)));
    const auto slices = GENERATE(std::pair(1, 3), std::pair(1, 1), std::pair(-1, 1));
    CHECK_THROWS_WITH(LazyStack({folder.path() / "two.tif"}, std::make_shared<StackPool>(), slices),
                      Catch::Contains("two.tif has slices 0 to 1"));
}
