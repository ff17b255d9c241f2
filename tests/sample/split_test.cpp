#include "src/base/error.h"
#include "src/sample/pairing.h"
#include "src/sample/split.h"
#include "tests/sample/written_stack.h"
#include <catch2/catch.hpp>
#include <set>

using namespace unet;
using test::TemporaryFolder;
using test::written;

namespace {

// One pair per (width, pages), each in a file.
std::vector<LabelledStack> pairs_of(const TemporaryFolder &folder, const std::vector<std::pair<int, int>> &files) {
    std::vector<LabelledStack> pairs;
    for (const auto &[width, pages] : files) {
        const auto stack = written(folder / (std::to_string(pairs.size()) + ".tif"),
                                   std::vector<Classes>(pages, Classes(1, width, 3)));
        pairs.push_back({stack, stack});
    }
    return pairs;
}

std::set<std::pair<int, int>> as_set(const std::vector<StackPage> &pages) {
    std::set<std::pair<int, int>> set;
    for (const StackPage &page : pages) set.emplace(page.stack, page.page);
    return set;
}

using PageSet = std::set<std::pair<int, int>>;

}  // namespace

TEST_CASE("the last slices of a stack validate", "[definition][split]") {
    const TemporaryFolder folder;
    const Split split = split_pages(pairs_of(folder, {{4, 10}}), 0.2);
    CHECK(as_set(split.validation) == PageSet{{0, 8}, {0, 9}});
    CHECK(split.training.size() == 8);
}

TEST_CASE("files of one size are slices of one stack: the last ones validate", "[definition][split]") {
    const TemporaryFolder folder;
    const Split split = split_pages(pairs_of(folder, {{4, 1}, {4, 1}, {4, 1}, {4, 1}, {4, 1}}), 0.4);
    CHECK(as_set(split.validation) == PageSet{{3, 0}, {4, 0}});
}

TEST_CASE("files of several sizes validate whole, spread over the list", "[definition][split]") {
    const TemporaryFolder folder;
    const Split split = split_pages(pairs_of(folder, {{4, 1}, {5, 2}, {6, 1}, {7, 1}, {8, 3}, {9, 1}}), 1.0 / 3);
    CHECK(as_set(split.validation) == PageSet{{2, 0}, {5, 0}});
    CHECK(split.training.size() == 7);
}

TEST_CASE("two stacks of different sizes both give their last slices", "[definition][split]") {
    const TemporaryFolder folder;
    const Split split = split_pages(pairs_of(folder, {{4, 10}, {5, 5}}), 0.2);
    CHECK(as_set(split.validation) == PageSet{{0, 8}, {0, 9}, {1, 4}});
}

TEST_CASE("training and validation share no page and miss none, whatever the share", "[definition][split]") {
    const TemporaryFolder folder;
    const auto pairs =
        pairs_of(folder, GENERATE(std::vector<std::pair<int, int>>{{4, 7}}, std::vector<std::pair<int, int>>{{4, 1}},
                                  std::vector<std::pair<int, int>>{{4, 1}, {5, 1}, {6, 1}},
                                  std::vector<std::pair<int, int>>{{4, 9}, {5, 1}}));
    const double share = GENERATE(0.0, 0.01, 0.2, 0.5, 0.99);
    CAPTURE(pairs.size(), share);
    const Split split = split_pages(pairs, share);
    size_t pages = 0;
    for (const LabelledStack &pair : pairs) pages += pair.images->shape().pages;

    PageSet all = as_set(split.training);
    all.merge(as_set(split.validation));
    CHECK(split.training.size() + split.validation.size() == pages);
    CHECK(all.size() == pages);
    CHECK(!split.training.empty());
    CHECK(split.validation.empty() == (share == 0 || pages == 1));
}

TEST_CASE("a share of all pages or more is refused", "[error][split]") {
    const TemporaryFolder folder;
    const auto pairs = pairs_of(folder, {{4, 3}});
    CHECK_THROWS_AS(split_pages(pairs, 1.0), Error);
    CHECK_THROWS_AS(split_pages(pairs, -0.1), Error);
}

TEST_CASE("blocks: the lowest rows of every page validate, and neither part sees the other", "[definition][split]") {
    const TemporaryFolder folder;
    constexpr int files = 5;
    const auto value = [](int file, int page, int y) { return 40 * file + 20 * page + y; };
    std::vector<std::filesystem::path> images, labels;
    for (int file = 0; file < files; file++) {
        std::vector<Classes> pages;
        for (int page = 0; page < 2; page++) {
            Classes rows(1, 4, 10);
            for (int y = 0; y < 10; y++)
                for (int x = 0; x < 4; x++) rows(x, y) = uint8_t(value(file, page, y));
            pages.push_back(rows);
        }
        images.push_back(folder / ("image-" + std::to_string(file) + ".tif"));
        labels.push_back(folder / ("label-" + std::to_string(file) + ".tif"));
        write_stack(images.back(), pages);
        write_stack(labels.back(), pages);
    }
    std::vector<LabelledStack> pairs = pair_stacks(images, labels).pairs;
    const Split split = split_blocks(pairs, 0.3);
    REQUIRE(split.training.size() == 2 * files);
    REQUIRE(split.validation.size() == 2 * files);
    const auto rows_seen = [&](const StackPage &page, const LazyStack &stack) {
        std::set<int> rows;
        for (const uint32_t seen : stack.read_ids_mirrored(page.page, {-3, -20, 10, 60}).values)
            rows.insert(int(seen) - value(page.stack % files, page.page, 0));
        return rows;
    };
    for (const StackPage &page : split.training) {
        CHECK(page.stack < files);
        CHECK(rows_seen(page, *pairs[page.stack].images) == std::set<int>{0, 1, 2, 3, 4, 5, 6});
        CHECK(rows_seen(page, *pairs[page.stack].labels) == std::set<int>{0, 1, 2, 3, 4, 5, 6});
    }
    for (const StackPage &page : split.validation) {
        CHECK(page.stack >= files);
        CHECK(rows_seen(page, *pairs[page.stack].images) == std::set<int>{7, 8, 9});
        CHECK(rows_seen(page, *pairs[page.stack].labels) == std::set<int>{7, 8, 9});
    }
}

TEST_CASE("a page of one row cannot be divided into blocks", "[error][split]") {
    const TemporaryFolder folder;
    const auto stack = written(folder / "row.tif", std::vector<Classes>{Classes(1, 9, 1)});
    std::vector<LabelledStack> pairs{{stack, stack}};
    CHECK(is_single_page(pairs));
    CHECK(split_blocks(pairs, 0).training.size() == 1);
    CHECK_THROWS_AS(split_blocks(pairs, 0.2), Error);
    CHECK_THROWS_AS(split_blocks(pairs, 1), Error);
}
