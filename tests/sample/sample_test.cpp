#include "src/base/error.h"
#include "src/sample/sample.h"
#include "src/tile/mirror.h"
#include "tests/sample/turn.h"
#include "tests/sample/written_stack.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <thread>

using namespace unet;
using test::page_of;
using test::TemporaryFolder;
using test::written;

namespace {

using Page16 = Array<uint16_t>;

const LabelScheme instances{.kind = LabelKind::instances, .values = {}, .ignore = {}};
const Normalisation tens{.low = {10}, .high = {20}};

/// Windows as they lie on the page, or turned by quarters, with their own gray values and the weights of their classes.
SampleOptions plain(int input, int output, uint64_t seed = 0, bool turns = true) {
    SampleOptions options{.input = input, .output = output, .seed = seed, .foreground_share = 0};
    options.augment.deformation = {.flips_and_turns = turns, .rotation = 0, .scale = 0, .elastic = 0};
    options.augment.gray.variation = 0;
    options.weights.form = WeightForm::none;
    return options;
}

// Three pages in two stacks. Every pixel has its own gray value, so a sample tells where it comes from.
struct Pages {
    TemporaryFolder folder;
    std::vector<std::vector<Page16>> images, labels;
    std::vector<LabelledStack> stacks;

    Pages() {
        images = {{page(20, 15, 0), page(20, 15, 1000)}, {page(9, 30, 2000)}};
        for (size_t s = 0; s < images.size(); s++) {
            labels.emplace_back();
            for (const Page16 &image : images[s]) labels[s].push_back(blocks(image));
            stacks.push_back({written(folder / (std::to_string(s) + ".image.tif"), images[s]),
                              written(folder / (std::to_string(s) + ".labels.tif"), labels[s])});
        }
    }

    static Page16 page(int width, int height, int first) {
        return page_of<uint16_t>(width, height, [&](int x, int y) { return first + width * y + x; });
    }
    // Ids 0 .. 3 in blocks of 3 x 3 that touch.
    static Page16 blocks(const Page16 &image) {
        return page_of<uint16_t>(image.width, image.height,
                                 [&](int x, int y) { return mix_bits(image(x / 3 * 3, y / 3 * 3)) % 4; });
    }

    std::vector<StackPage> all() const { return {{0, 0}, {0, 1}, {1, 0}}; }
    SampleSource source(SampleOptions options) const { return source(options, all()); }
    SampleSource source(SampleOptions options, std::vector<StackPage> pages) const {
        return SampleSource(stacks, std::move(pages), instances, tens, {0.5, 2}, options);
    }
};

template<class T>
Array<T> window(const Page16 &page, int x0, int y0, int size) {
    return page_of<T>(size, size,
                      [&](int x, int y) { return page(mirror(x0 + x, page.width), mirror(y0 + y, page.height)); });
}

struct Origin {
    StackPage page;
    int x, y, turn;
};

// The first places that an output of `output` pixels may have on a side of `side`, and the last.
std::pair<int, int> places(int side, int output) {
    const int overhang = side >= output ? output / 4 : 0;
    return {std::min(0, side - output) - overhang, std::max(0, side - output) + overhang};
}

int inverse(int turn) { return turn < 4 ? turn : 4 | (turn & 1) << 1 | (turn >> 1 & 1); }

Pixels normalised_window(const Page16 &page, int x, int y, int size) {
    Pixels pixels = window<float>(page, x, y, size);
    tens.apply(pixels);
    return pixels;
}

// Where the input window of `sample` lies, by trying every place it may have.
std::optional<Origin> origin_of(const Pages &pages, const Sample &sample, int turn_count) {
    const int size = sample.image.width, output = sample.labels.width, margin = (size - output) / 2;
    std::vector<Pixels> upright;  // as it may have lain before it was turned
    for (int turn = 0; turn < turn_count; turn++) upright.push_back(turned(sample.image, inverse(turn)));
    for (const StackPage &at : pages.all()) {
        const Page16 &page = pages.images[at.stack][at.page];
        const auto [first_x, last_x] = places(page.width, output);
        const auto [first_y, last_y] = places(page.height, output);
        for (int y = first_y - margin; y <= last_y - margin; y++)
            for (int x = first_x - margin; x <= last_x - margin; x++) {
                const float corner = normalised_window(page, x, y, 1).values[0];
                for (int turn = 0; turn < turn_count; turn++)
                    if (upright[turn](0, 0) == corner && upright[turn] == normalised_window(page, x, y, size))
                        return Origin{at, x, y, turn};
            }
    }
    return {};
}

Sample expected_at(const Pages &pages, const Origin &origin, int input, int output) {
    const int margin = (input - output) / 2;
    Sample expected;
    const Page16 &page = pages.images[origin.page.stack][origin.page.page];
    expected.image = turned(normalised_window(page, origin.x, origin.y, input), origin.turn);
    const Ids ids = window<uint32_t>(pages.labels[origin.page.stack][origin.page.page], origin.x + margin - 1,
                                     origin.y + margin - 1, output + 2);
    expected.labels = turned(to_classes(ids, instances), origin.turn);
    expected.weights = Pixels(1, output, output);
    for (size_t i = 0; i < expected.weights.values.size(); i++)
        expected.weights.values[i] = expected.labels.values[i] == 1 ? 2.0f : 0.5f;
    return expected;
}

bool same(const Sample &a, const Sample &b) {
    return a.image == b.image && a.labels == b.labels && a.weights == b.weights;
}

}  // namespace

TEST_CASE("the eight turns of a square are all different and mean what they say", "[definition][sample]") {
    const Classes square = page_of<uint8_t>(2, 2, [](int x, int y) { return 2 * y + x; });  // 0 1 / 2 3
    CHECK(turned(square, 0).values == std::vector<uint8_t>{0, 1, 2, 3});
    CHECK(turned(square, 1).values == std::vector<uint8_t>{1, 0, 3, 2});
    CHECK(turned(square, 2).values == std::vector<uint8_t>{2, 3, 0, 1});
    CHECK(turned(square, 3).values == std::vector<uint8_t>{3, 2, 1, 0});
    CHECK(turned(square, 4).values == std::vector<uint8_t>{0, 2, 1, 3});
    CHECK(turned(square, 5).values == std::vector<uint8_t>{1, 3, 0, 2});
    CHECK(turned(square, 6).values == std::vector<uint8_t>{2, 0, 3, 1});
    CHECK(turned(square, 7).values == std::vector<uint8_t>{3, 1, 2, 0});
}

TEST_CASE("turning keeps the channels of a pixel together", "[definition][sample]") {
    Pixels image(3, 4, 4);
    for (size_t i = 0; i < image.values.size(); i++) image.values[i] = float(i);
    const Pixels result = turned(image, 6);
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 4; x++)
            for (int k = 0; k < 3; k++) CHECK(result(k, x, y) == image(k, y, 3 - x));
}

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

TEST_CASE("ignored pixels have weight 0, and windows without any label are drawn again", "[definition][sample]") {
    const TemporaryFolder folder;
    const auto image = page_of<uint8_t>(64, 64, [](int x, int y) { return x + y; });
    const auto label = page_of<uint8_t>(64, 64, [](int x, int y) { return x < 24 && y < 24 ? x % 2 : 99; });
    const std::vector<LabelledStack> stacks{{written(folder / "i.tif", std::vector<Classes>{image}),
                                             written(folder / "l.tif", std::vector<Classes>{label})}};
    const LabelScheme scheme{.kind = LabelKind::binary, .values = {0, 1}, .ignore = 99};
    const SampleSource source(stacks, {{0, 0}}, scheme, tens, {1, 3}, plain(10, 6));
    for (int i = 0; i < 30; i++) {
        const Sample sample = source.draw(i);
        float sum = 0;
        for (size_t p = 0; p < sample.labels.values.size(); p++) {
            const int c = sample.labels.values[p];
            CHECK(sample.weights.values[p] == (c == ignored ? 0.0f : c == 0 ? 1.0f : 3.0f));
            sum += sample.weights.values[p];
        }
        CHECK(sum > 0);
    }
}

TEST_CASE("gray variation changes gray values only, the same way in every pixel of a sample", "[definition][sample]") {
    const Pages pages;
    SampleOptions options = plain(12, 4, 3);
    const SampleSource plain = pages.source(options);
    options.augment.gray.variation = 1;
    const SampleSource varied = pages.source(options);
    int changed = 0;
    for (int i = 0; i < 10; i++) {
        const Sample a = plain.draw(i), b = varied.draw(i);
        CHECK(a.labels == b.labels);
        CHECK(a.weights == b.weights);
        changed += a.image != b.image;
        std::map<float, float> curve;  // one value goes to one value, in the same order
        for (size_t p = 0; p < a.image.values.size(); p++) {
            const auto [entry, fresh] = curve.emplace(a.image.values[p], b.image.values[p]);
            CHECK(entry->second == b.image.values[p]);
        }
        for (auto next = curve.begin(), before = next++; next != curve.end(); before = next++)
            CHECK(before->second <= next->second);
    }
    CHECK(changed == 10);
}

TEST_CASE("labels move with the image, whatever the deformation", "[definition][sample]") {
    // Gray values are ids, wide and far apart: where the image is even, the labels agree with it.
    const TemporaryFolder folder;
    const auto id = [](int x, int y) { return x / 12 % 2 * 100 + y / 12 % 2 * 100; };
    const std::vector<Classes> page{page_of<uint8_t>(96, 96, id)};
    const std::vector<LabelledStack> stacks{{written(folder / "i.tif", page), written(folder / "l.tif", page)}};
    const LabelScheme scheme{.kind = LabelKind::classes, .values = {0, 100, 200}, .ignore = {}};
    SampleOptions options = plain(60, 40, 5);
    options.augment = {};
    options.augment.gray.variation = 0;
    options.augment.deformation.elastic = 3;
    options.augment.em_faults = GENERATE(0.0, 1.0);
    options.augment.cubic = GENERATE(true, false);
    const Normalisation hundreds{.low = {0}, .high = {100}};
    const SampleSource source(stacks, {{0, 0}}, scheme, hundreds, {1, 1, 1}, options);
    int even = 0;
    for (int i = 0; i < 10; i++) {
        const Sample sample = source.draw(i);
        const bool gray_too = options.augment.em_faults == 0;
        for (int y = 1; y < 39; y++)
            for (int x = 1; x < 39; x++) {
                const uint8_t c = sample.labels(x, y);
                bool alone = true;
                for (int dy = -1; dy <= 1; dy++)
                    for (int dx = -1; dx <= 1; dx++) alone &= sample.labels(x + dx, y + dy) == c;
                const float value = sample.image(x + 10, y + 10);
                if (!gray_too || !alone || std::abs(value - std::round(value)) > 0.02) continue;
                even++;
                CHECK(std::round(value) == c);
            }
    }
    if (options.augment.em_faults == 0) CHECK(even > 3000);
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

TEST_CASE("border weights of a sample are those of its whole page", "[definition][sample][weights]") {
    const Pages pages;
    SampleOptions options = plain(6, 6, 3, false);
    options.weights = {.form = WeightForm::paper, .border = {}, .sigma = 1};
    const SampleSource source = pages.source(options);
    const int reach = options.weights.reach();
    for (int i = 0; i < 20; i++) {
        const Sample sample = source.draw(i);
        const auto origin = origin_of(pages, sample, 1);
        REQUIRE(origin);
        const Page16 &labels = pages.labels[origin->page.stack][origin->page.page];
        const Ids around = window<uint32_t>(labels, origin->x - 30, origin->y - 30, 66);
        const Classes classes = to_classes(around, instances);
        Classes inner(1, 64 - 2 * reach, 64 - 2 * reach);
        for (int y = 0; y < inner.height; y++)
            for (int x = 0; x < inner.width; x++) inner(x, y) = classes(x + reach, y + reach);
        const Pixels whole = weight_map(inner, to_cells(around, instances), {0.5, 2}, options.weights);
        for (int y = 0; y < 6; y++)
            for (int x = 0; x < 6; x++) CHECK(sample.weights(x, y) == whole(29 - reach + x, 29 - reach + y));
    }
}

TEST_CASE("a sample hangs on seed and index only, not on what was drawn before or on threads", "[repeat][sample]") {
    const Pages pages;
    const SampleOptions options{.input = 12, .output = 4, .seed = 5};
    const SampleSource source = pages.source(options);
    std::vector<Sample> in_order;
    for (int i = 0; i < 24; i++) in_order.push_back(source.draw(i));

    std::vector<Sample> in_threads(24);
    std::vector<std::thread> threads;
    for (int t = 0; t < 5; t++)
        threads.emplace_back([&, t] {
            for (int i = 23 - t; i >= 0; i -= 5) in_threads[i] = source.draw(i);
        });
    for (std::thread &thread : threads) thread.join();
    for (int i = 0; i < 24; i++) CHECK(same(in_order[i], in_threads[i]));

    const SampleSource again = pages.source(options), other = pages.source({.input = 12, .output = 4, .seed = 6});
    CHECK(same(again.draw(17), in_order[17]));
    CHECK_FALSE(same(other.draw(17), in_order[17]));
    CHECK_FALSE(same(in_order[16], in_order[17]));
}

TEST_CASE("dumped samples are read back as they reach the net", "[definition][sample]") {
    const Pages pages;
    const TemporaryFolder folder;
    const Sample sample = pages.source({.input = 12, .output = 4, .seed = 5}).draw(7);
    dump_sample(sample, folder / "", 7);
    const StackReader image({folder / "sample-000007.image.tif"}), labels({folder / "sample-000007.labels.tif"});
    const StackReader weights({folder / "sample-000007.weights.tif"});
    CHECK(image.shape().type == SampleType::f32);
    CHECK(image.read(0, {0, 0, 12, 12}) == sample.image);
    CHECK(weights.read(0, {0, 0, 4, 4}) == sample.weights);
    const Ids ids = labels.read_ids(0, {0, 0, 4, 4});
    CHECK(std::equal(ids.values.begin(), ids.values.end(), sample.labels.values.begin(), sample.labels.values.end()));
}

TEST_CASE("sample sizes that do not fit and no pages are refused", "[error][sample]") {
    const Pages pages;
    CHECK_THROWS_AS(pages.source({.input = 11, .output = 4}), Error);
    CHECK_THROWS_AS(pages.source({.input = 4, .output = 6}), Error);
    CHECK_THROWS_AS(pages.source({.input = 4, .output = 4}, {}), Error);
}

TEST_CASE("a label value that training does not know names its file and page", "[error][sample]") {
    const Pages pages;
    const LabelScheme scheme{.kind = LabelKind::classes, .values = {0, 77}, .ignore = {}};
    const SampleSource source(pages.stacks, {{1, 0}}, scheme, tens, {1, 1}, plain(9, 9));
    CHECK_THROWS_WITH(source.draw(0),
                      Catch::Contains("1.labels.tif page 0") && Catch::Contains("none of the classes 0, 77"));
}
