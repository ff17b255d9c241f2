// What a sample is made of.
#include "src/base/error.h"
#include "tests/sample/numbered_pages.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <thread>

using namespace unet;
using namespace unet::test;

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
    const ImageStack image({folder / "sample-000007.image.tif"}), labels({folder / "sample-000007.labels.tif"});
    const ImageStack weights({folder / "sample-000007.weights.tif"});
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
