// Where samples come from.
#include "src/base/error.h"
#include "tests/sample/numbered_pages.h"
#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace unet;
using namespace unet::test;

TEST_CASE("a sample is a mirrored, turned window of one page with the labels of its centre", "[definition][sample]") {
    const Pages pages;
    // The last output is larger than any page: the window mirrors several times.
    const auto [input, output] = GENERATE(table<int, int>({{12, 4}, {5, 1}, {20, 20}, {60, 40}}));
    CAPTURE(input, output);
    const SampleSource source = pages.source(plain(input, output, 3));
    for (uint64_t i = 0; i < 40; i++) {
        CAPTURE(i);
        const Sample sample = source.draw(i);
        const auto origin = origin_of(pages, sample, turns);
        REQUIRE(origin);
        CHECK(same(sample, expected_at(pages, *origin, input, output)));
    }
}

TEST_CASE("samples come from everywhere: all turns, all pages by their area, borders too", "[definition][sample]") {
    const Pages pages;
    const int input = 8, output = 4, count = 3000;
    const SampleSource source = pages.source(plain(input, output, 9, false));
    std::map<std::pair<int, int>, int> by_page;
    std::set<int> columns;
    for (int i = 0; i < count; i++) {
        const Sample sample = source.draw(i);
        const auto origin = origin_of(pages, sample, 1);
        REQUIRE(origin);
        by_page[{origin->page.stack, origin->page.page}]++;
        if (origin->page.stack == 0) columns.insert(origin->x + 2);  // of the output
    }
    const double area = 300 + 300 + 270;
    for (const auto &[page, found] : by_page)
        CHECK(found == Approx(count * (page.first == 0 ? 300 : 270) / area).epsilon(0.1));
    CHECK(by_page.size() == 3);
    CHECK(columns.size() == 20 - 4 + 2 * (4 / 4) + 1);
    CHECK(*columns.begin() == -1);
    CHECK(*columns.rbegin() == 17);

    const SampleSource turning = pages.source(plain(input, output, 9));
    std::map<int, int> by_turn;
    for (int i = 0; i < 400; i++) by_turn[origin_of(pages, turning.draw(i), turns)->turn]++;
    CHECK(by_turn.size() == 8);
}

TEST_CASE("stacks give the shares of the samples that were asked for", "[definition][sample]") {
    const Pages pages;
    const int count = 3000;
    SampleOptions options = plain(8, 4, 9, false);
    options.shares = {1, 4};
    const SampleSource source = pages.source(options);
    std::map<std::pair<int, int>, int> by_page;
    for (int i = 0; i < count; i++) {
        const StackPage page = origin_of(pages, source.draw(i), 1)->page;
        by_page[{page.stack, page.page}]++;
    }
    CHECK(by_page[{0, 0}] == Approx(count * 0.1).epsilon(0.15));
    CHECK(by_page[{0, 1}] == Approx(count * 0.1).epsilon(0.15));
    CHECK(by_page[{1, 0}] == Approx(count * 0.8).epsilon(0.05));
    options.shares = {0, 1};
    CHECK_THROWS_AS(pages.source(options, {{0, 0}, {0, 1}}), Error);
}

TEST_CASE("foreground that is very rare is found by its known places", "[definition][sample]") {
    const TemporaryFolder folder;
    Page16 labels(1, 900, 800);
    labels(700, 3) = 1;  // one pixel of 720 000
    const auto stack = written(folder / "rare.tif", std::vector<Page16>{labels, Page16(1, 900, 800)});
    const LabelSurvey survey = survey_labels({stack}, {});
    CHECK(survey.foreground == std::vector<PixelPlace>{{0, 0, 700, 3}});
    SampleOptions options{.input = 48, .output = 20, .seed = 4, .foreground_share = 1};
    const SampleSource source({{stack, stack}}, {{0, 0}, {0, 1}}, survey.scheme, tens, {1, 1}, options,
                              survey.foreground);
    for (int i = 0; i < 20; i++) {
        const Sample sample = source.draw(i);
        CHECK(std::count(sample.labels.values.begin(), sample.labels.values.end(), 1) > 0);
    }
    // On a page that is not trained on it stays unseen.
    const SampleSource other({{stack, stack}}, {{0, 1}}, survey.scheme, tens, {1, 1}, options, survey.foreground);
    CHECK(other.draw(0).labels == Classes(1, 20, 20));
}

TEST_CASE("pages that are not listed are never drawn", "[definition][sample]") {
    const Pages pages;
    const SampleSource source = pages.source(plain(8, 4), {{0, 1}});
    for (int i = 0; i < 50; i++) {
        const auto origin = origin_of(pages, source.draw(i), turns);
        REQUIRE(origin);
        CHECK(origin->page == StackPage{0, 1});
    }
}

TEST_CASE("samples of foreground show some, where there is any", "[definition][sample]") {
    const TemporaryFolder folder;
    const auto label = page_of<uint8_t>(200, 200, [](int x, int y) { return x < 30 && y < 30; });
    const std::vector<LabelledStack> stacks{{written(folder / "i.tif", std::vector<Classes>{label}),
                                             written(folder / "l.tif", std::vector<Classes>{label})}};
    const LabelScheme scheme{.kind = LabelKind::binary, .values = {0, 1}, .ignore = {}};
    const auto with_foreground = [&](double share) {
        SampleOptions options = plain(20, 20, 3);
        options.foreground_share = share;
        const SampleSource source(stacks, {{0, 0}}, scheme, tens, {1, 1}, options);
        int count = 0;
        for (int i = 0; i < 200; i++) {
            const Classes labels = source.draw(i).labels;
            count += std::count(labels.values.begin(), labels.values.end(), 1) > 0;
        }
        return count;
    };
    CHECK(with_foreground(0) < 40);  // about one in fifteen
    CHECK(std::abs(with_foreground(0.5) - 107) < 40);
    CHECK(with_foreground(1) > 190);  // a hundred tries find it
}
