// Pages of which every pixel has a gray value of its own, so that a sample tells where it comes from.
#pragma once
#include "src/sample/sample.h"
#include "src/base/mirror.h"
#include "tests/sample/turn.h"
#include "tests/sample/written_stack.h"
#include <algorithm>
#include <optional>

namespace unet::test {

using Page16 = Array<uint16_t>;

inline const LabelScheme instances{.kind = LabelKind::instances, .values = {}, .ignore = {}};
inline const Normalisation tens{.low = {10}, .high = {20}};

/// Windows as they lie on the page, or turned by quarters, with their own gray values and the weights of their classes.
inline SampleOptions plain(int input, int output, uint64_t seed = 0, bool turns = true) {
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
inline std::pair<int, int> places(int side, int output) {
    const int overhang = side >= output ? output / 4 : 0;
    return {std::min(0, side - output) - overhang, std::max(0, side - output) + overhang};
}

inline int inverse(int turn) { return turn < 4 ? turn : 4 | (turn & 1) << 1 | (turn >> 1 & 1); }

inline Pixels normalised_window(const Page16 &page, int x, int y, int size) {
    Pixels pixels = window<float>(page, x, y, size);
    tens.apply(pixels);
    return pixels;
}

// Where the input window of `sample` lies, by trying every place it may have.
inline std::optional<Origin> origin_of(const Pages &pages, const Sample &sample, int turn_count) {
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

inline Sample expected_at(const Pages &pages, const Origin &origin, int input, int output) {
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

inline bool same(const Sample &a, const Sample &b) {
    return a.image == b.image && a.labels == b.labels && a.weights == b.weights;
}

}  // namespace unet::test
