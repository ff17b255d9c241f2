#include "src/sample/sample.h"
#include "src/base/error.h"
#include "src/sample/gray_variation.h"
#include "src/sample/turn.h"
#include "src/sample/windows.h"
#include "src/stack/stack_writer.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr int most_tries = 100;  // for a window with a label in it

bool all_ignored(const Classes &labels) {
    return std::all_of(labels.values.begin(), labels.values.end(), [](uint8_t c) { return c == ignored; });
}

// The first pixel of a stretch of `length` on a side of `size` pixels, hanging over by a quarter at most. A stretch
// that is longer than the side covers it whole.
int draw_first(Random &random, int size, int length) {
    const int overhang = size >= length ? length / 4 : 0;
    const int low = std::min(0, size - length) - overhang, high = std::max(0, size - length) + overhang;
    return low + int(random.below(uint64_t(high) - low + 1));
}

}  // namespace

// Where a sample comes from, and how it is varied.
struct SampleSource::Place {
    Page page;
    Rect output;  // may hang over the page's border
    int turn;
    GrayVariation gray;
};

SampleSource::SampleSource(std::vector<LabelledStack> stacks, std::vector<Page> pages, LabelScheme scheme,
                           Normalisation normalisation, std::vector<double> class_weights, SampleOptions options)
    : stacks_(std::move(stacks)), pages_(std::move(pages)), area_before_{0}, scheme_(std::move(scheme)),
      normalisation_(std::move(normalisation)), class_weights_(std::move(class_weights)), options_(options) {
    if (pages_.empty()) throw Error(Exit::internal, "samples: there is no page to draw from");
    if (options.output < 1 || options.input < options.output || (options.input - options.output) % 2)
        throw Error(Exit::internal,
                    fmt::format("samples: {} pixels in, {} out do not fit", options.input, options.output));
    if (!(options.gray_variation >= 0 && options.gray_variation <= 2))
        throw Error(Exit::usage, fmt::format("gray variation: {} is not between 0 and 2", options.gray_variation));
    for (const Page &page : pages_) {
        const StackShape &shape = stacks_.at(page.stack).images->shape();
        area_before_.push_back(area_before_.back() + uint64_t(shape.width) * shape.height);
    }
}

// Always draws the same numbers, used or not, so that an option changes nothing but what it says.
SampleSource::Place SampleSource::draw_place(Random &random) const {
    const uint64_t pixel = random.below(area_before_.back());
    const auto after = std::upper_bound(area_before_.begin(), area_before_.end(), pixel);
    const Page page = pages_[after - area_before_.begin() - 1];
    const StackShape &shape = stacks_[page.stack].images->shape();
    const int x = draw_first(random, shape.width, options_.output),
              y = draw_first(random, shape.height, options_.output);
    const int turn = int(random.below(turns));
    const GrayVariation gray = GrayVariation::draw(random, options_.gray_variation);
    return {page, {x, y, options_.output, options_.output}, options_.flips_and_turns ? turn : 0, gray};
}

Classes SampleSource::read_labels(const Place &place) const {
    const LazyStack &labels = *stacks_[place.page.stack].labels;
    try {
        return turned(to_classes(labels.read_ids_mirrored(place.page.page, grown(place.output, 1)), scheme_),
                      place.turn);
    } catch (const Error &error) {
        throw Error(error.code, fmt::format("{} page {}: {}", labels.name(), place.page.page, error.what()));
    }
}

Pixels SampleSource::read_image(const Place &place) const {
    const Rect window = grown(place.output, (options_.input - options_.output) / 2);
    Pixels image = stacks_[place.page.stack].images->read_mirrored(place.page.page, window);
    normalisation_.apply(image);
    place.gray.apply(image);
    return turned(image, place.turn);
}

Sample SampleSource::draw(uint64_t index) const {
    Random random(options_.seed, index);
    Place place = draw_place(random);
    Classes labels = read_labels(place);
    for (int i = 1; i < most_tries && all_ignored(labels); i++) {
        place = draw_place(random);
        labels = read_labels(place);
    }
    Pixels weights = pixel_weights(labels, class_weights_);
    return {read_image(place), std::move(labels), std::move(weights)};
}

Pixels pixel_weights(const Classes &labels, const std::vector<double> &class_weights) {
    Pixels weights(1, labels.width, labels.height);
    std::transform(labels.values.begin(), labels.values.end(), weights.values.begin(),
                   [&](uint8_t c) { return c == ignored ? 0.0f : float(class_weights.at(c)); });
    return weights;
}

void dump_sample(const Sample &sample, const std::filesystem::path &folder, uint64_t index) {
    const std::string stem = fmt::format("sample-{:06}", index);
    write_stack(folder / (stem + ".image.tif"), std::vector<Pixels>{sample.image});
    write_stack(folder / (stem + ".labels.tif"), std::vector<Classes>{sample.labels});
    write_stack(folder / (stem + ".weights.tif"), std::vector<Pixels>{sample.weights});
}

}  // namespace unet
