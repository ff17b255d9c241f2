#include "src/base/error.h"
#include "src/base/random.h"
#include "src/sample/normalise.h"
#include "tests/sample/written_stack.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace unet;
using test::TemporaryFolder;
using test::written;

namespace {

// The smallest value v such that `per_mille` of the values are <= v, by sorting.
float percentile(std::vector<float> values, int per_mille) {
    std::sort(values.begin(), values.end());
    for (size_t i = 0; i < values.size(); i++)
        if ((i + 1) * 1000 >= values.size() * size_t(per_mille)) return values[i];
    return values.back();
}

template<class T>
GrayRange by_sorting(const std::vector<Array<T>> &pages, int channel) {
    std::vector<float> values;
    for (const Array<T> &page : pages)
        for (size_t i = channel; i < page.values.size(); i += page.channels) values.push_back(float(page.values[i]));
    return {*std::min_element(values.begin(), values.end()), percentile(values, 5), percentile(values, 995),
            *std::max_element(values.begin(), values.end())};
}

template<class T, class Value>
std::vector<Array<T>> random_pages(int channels, int width, int height, Value value) {
    std::vector<Array<T>> pages(3, Array<T>(channels, width, height));
    Random random(5, uint64_t(width));
    for (Array<T> &page : pages)
        for (T &v : page.values) v = T(value(random));
    return pages;
}

template<class T>
void check_exact(const std::vector<Array<T>> &pages) {
    const TemporaryFolder folder;
    const std::vector<StackPtr> images{
        written(folder / "a.tif", std::vector<Array<T>>(pages.begin(), pages.begin() + 1)),
        written(folder / "b.tif", std::vector<Array<T>>(pages.begin() + 1, pages.end()))};
    const std::vector<GrayRange> ranges = survey_grays(images);
    REQUIRE(int(ranges.size()) == pages[0].channels);
    for (int k = 0; k < pages[0].channels; k++) CHECK(ranges[k] == by_sorting(pages, k));
}

}  // namespace

TEST_CASE("percentiles over all images are exact for every type of sample", "[definition][normalise]") {
    const int width = GENERATE(1, 37, 200);
    CAPTURE(width);
    check_exact(random_pages<uint8_t>(1, width, 67, [](Random &r) { return r.below(256); }));
    check_exact(random_pages<uint16_t>(2, width, 67, [](Random &r) { return r.below(65536); }));
    check_exact(random_pages<uint32_t>(1, width, 67, [](Random &r) { return r.below(4000000000); }));
    check_exact(
        random_pages<float>(3, width, 67, [](Random &r) { return r.normal() * std::pow(10, r.uniform(-20, 20)); }));
}

TEST_CASE("negative and positive zero are one value", "[definition][normalise]") {
    const TemporaryFolder folder;
    Pixels page(1, 4, 1);
    page.values = {-0.0f, 0.0f, -1.0f, 1e-30f};
    const GrayRange range = survey_grays({written(folder / "a.tif", std::vector<Pixels>{page})})[0];
    CHECK(range == GrayRange{-1, -1, 1e-30f, 1e-30f});
}

TEST_CASE("the percentiles become 0 and 1, and nothing is clipped", "[definition][normalise]") {
    const Normalisation normalisation = normalisation_of({{-5, 10, 30, 100}});
    Pixels pixels(1, 3, 1);
    pixels.values = {10, 30, 100};
    normalisation.apply(pixels);
    CHECK(pixels.values == std::vector<float>{0, 1, 4.5f});
}

TEST_CASE("equal percentiles give way to the extremes, a constant channel becomes 0", "[definition][normalise]") {
    const Normalisation normalisation = normalisation_of({{0, 0, 0, 255}, {7, 7, 7, 7}, {1e10f, 1e10f, 1e10f, 1e10f}});
    CHECK(normalisation.low == std::vector<float>{0, 7, 1e10f});
    CHECK(normalisation.high == std::vector<float>{255, 14, 2e10f});
}

TEST_CASE("images of a single value, or with NaN, are refused", "[error][normalise]") {
    CHECK_THROWS_WITH(normalisation_of({{7, 7, 7, 7}}), Catch::Contains("every pixel has the value 7"));
    const TemporaryFolder folder;
    Pixels page(1, 3, 3, 1.0f);
    page(1, 2) = std::nanf("");
    CHECK_THROWS_AS(survey_grays({written(folder / "a.tif", std::vector<Pixels>{page})}), Error);
}
