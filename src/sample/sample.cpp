#include "src/sample/sample.h"
#include "src/base/error.h"
#include "src/sample/labelled_window.h"
#include "src/sample/windows.h"
#include "src/stack/stack_writer.h"
#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <set>

namespace unet {

namespace {

constexpr int most_tries = 100;  // for a window with a label, or with foreground, in it
constexpr int blind_tries = 10;  // anywhere, before known places of foreground are tried

bool has_label(const Classes &labels, bool of_foreground) {
    return std::any_of(labels.values.begin(), labels.values.end(),
                       [&](uint8_t c) { return c != ignored && !(of_foreground && c == 0); });
}

// The first pixel of a stretch of `length` on a side of `size` pixels, hanging over by a quarter at most. A stretch
// that is longer than the side covers it whole.
int draw_first(Random &random, int size, int length) {
    const int overhang = size >= length ? length / 4 : 0;
    const int low = std::min(0, size - length) - overhang, high = std::max(0, size - length) + overhang;
    return low + int(random.below(uint64_t(high) - low + 1));
}

// How often each page is drawn, as whole numbers: its area, or its part of what its stack is to give.
std::vector<uint64_t> chances(const std::vector<LabelledStack> &stacks, const std::vector<StackPage> &pages,
                              const std::vector<double> &shares) {
    constexpr double whole = double(uint64_t(1) << 40);
    std::vector<uint64_t> chances;
    std::vector<double> area_of_stack(stacks.size(), 0);
    for (const StackPage &page : pages) {
        const StackShape &shape = stacks.at(page.stack).images->shape();
        chances.push_back(uint64_t(shape.width) * shape.height);
        area_of_stack[page.stack] += double(chances.back());
    }
    if (shares.empty()) return chances;
    const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (size_t i = 0; i < pages.size(); i++) {
        const int stack = pages[i].stack;
        chances[i] = uint64_t(whole * (shares.at(stack) / all) * (double(chances[i]) / area_of_stack[stack]));
    }
    return chances;
}

}  // namespace

// Where a sample comes from, and how it is varied.
struct SampleSource::Place {
    Page page;
    int x, y;  // of the output's first pixel, undeformed; may lie outside the page
    Augmentation augmentation;
};

SampleSource::SampleSource(std::vector<LabelledStack> stacks, std::vector<Page> pages, LabelScheme scheme,
                           const Normalisation &normalisation, std::vector<double> class_weights, SampleOptions options,
                           const std::vector<PixelPlace> &foreground)
    : stacks_(std::move(stacks)), pages_(std::move(pages)), chance_before_{0}, scheme_(std::move(scheme)),
      class_weights_(std::move(class_weights)), options_(options) {
    if (pages_.empty()) throw Error(Exit::internal, "samples: there is no page to draw from");
    if (options.output < 1 || options.input < options.output || (options.input - options.output) % 2)
        throw Error(Exit::internal,
                    fmt::format("samples: {} pixels in, {} out do not fit", options.input, options.output));
    for (const LabelledStack &stack : stacks_)
        normalisers_.push_back(std::make_unique<PageNormaliser>(
            normalisation, stack.images->shape(),
            [images = stack.images](int page, Rect region) { return images->read(page, region); }));
    for (const uint64_t chance : chances(stacks_, pages_, options_.shares))
        chance_before_.push_back(chance_before_.back() + chance);
    std::set<std::pair<int, int>> drawn_from;
    for (const Page &page : pages_) drawn_from.emplace(page.stack, page.page);
    for (const PixelPlace &place : foreground)
        if (drawn_from.contains({place.stack, place.page}) && place.y < stacks_[place.stack].images->shape().height)
            foreground_.push_back(place);
    if (chance_before_.back() == 0)
        throw Error(Exit::usage,
                    "--shares: the stacks with a share validate whole; raise another share or lower --validation");
}

// Always draws the same numbers, used or not, so that an option changes nothing but what it says.
SampleSource::Place SampleSource::draw_place(Random &random) const {
    const uint64_t lot = random.below(chance_before_.back());
    const auto after = std::upper_bound(chance_before_.begin(), chance_before_.end(), lot);
    const Page page = pages_[after - chance_before_.begin() - 1];
    const StackShape &shape = stacks_[page.stack].images->shape();
    const int x = draw_first(random, shape.width, options_.output),
              y = draw_first(random, shape.height, options_.output);
    return {page, x, y, Augmentation::draw(random, options_.augment)};
}

// A place of foreground lies in the middle half of the output, from where no deformation is likely to move it out.
SampleSource::Place SampleSource::draw_near_foreground(Random &random) const {
    const PixelPlace &place = foreground_[random.below(foreground_.size())];
    const int half = options_.output / 2;
    const int x = place.x - half / 2 - int(random.below(uint64_t(half) + 1)),
              y = place.y - half / 2 - int(random.below(uint64_t(half) + 1));
    return {{place.stack, place.page}, x, y, Augmentation::draw(random, options_.augment)};
}

Warp SampleSource::warp(const Place &place, Rect region, int rim) const {
    return warp_of(place.augmentation.deformation, options_.input, place.x - margin(), place.y - margin(), region, rim);
}

// Label values of the output and `rim` more pixels on every side, moved as the image is.
Ids SampleSource::read_ids(const Place &place, int rim) const {
    const Warp warp = this->warp(place, grown({margin(), margin(), options_.output, options_.output}, rim), 0);
    return augmented_labels(stacks_[place.page.stack].labels->read_ids_mirrored(place.page.page, warp.source), warp);
}

template<class Use>
auto SampleSource::naming_page(const Place &place, Use use) const {
    try {
        return use();
    } catch (const Error &error) {
        const LazyStack &labels = *stacks_[place.page.stack].labels;
        throw Error(error.code, fmt::format("{} page {}: {}", labels.name(), place.page.page, error.what()));
    }
}

bool SampleSource::fits(const Place &place, bool of_foreground) const {
    if (!of_foreground && !scheme_.ignore) return true;
    return naming_page(place, [&] { return has_label(to_classes(read_ids(place, 1), scheme_), of_foreground); });
}

Sample SampleSource::read(const Place &place) const {
    LabelledWindow window = naming_page(place, [&] {
        return labelled_window(read_ids(place, window_rim(options_.weights)), scheme_, class_weights_,
                               options_.weights);
    });

    const Warp warp = this->warp(place, {0, 0, options_.input, options_.input}, blur_rim);
    Pixels source = stacks_[place.page.stack].images->read_mirrored(place.page.page, warp.source);
    normalisers_[place.page.stack]->apply(place.page.page, source);
    return {augmented_image(source, warp, place.augmentation), std::move(window.labels), std::move(window.weights)};
}

Sample SampleSource::draw(uint64_t index) const {
    Random random(options_.seed, index);
    const bool of_foreground = random.uniform() < options_.foreground_share;
    Place place = draw_place(random);
    for (int i = 1; i < most_tries && !fits(place, of_foreground); i++)
        place = of_foreground && i >= blind_tries && !foreground_.empty() ? draw_near_foreground(random)
                                                                          : draw_place(random);
    return read(place);
}

void dump_sample(const Sample &sample, const std::filesystem::path &folder, uint64_t index) {
    const std::string stem = fmt::format("sample-{:06}", index);
    write_stack(folder / (stem + ".image.tif"), std::vector<Pixels>{sample.image});
    write_stack(folder / (stem + ".labels.tif"), std::vector<Classes>{sample.labels});
    write_stack(folder / (stem + ".weights.tif"), std::vector<Pixels>{sample.weights});
}

}  // namespace unet
