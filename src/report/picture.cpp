#include "src/report/picture.h"
#include "src/base/error.h"
#include "src/base/rect.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr Colour white{255, 255, 255}, ink{40, 40, 40}, frame{200, 200, 200}, ignored_gray{150, 150, 150};
constexpr Colour missed{213, 94, 0}, too_much{0, 114, 178};                         // vermilion and blue
constexpr int gap = 12, caption_scale = 2, legend_scale = 1, smallest_panel = 256;  // pixels, but for the scales
constexpr int caption_height = (letter_height + 2) * caption_scale + 6;

/// The values below which a share of 0.005 and of 0.995 of a channel lies.
std::pair<float, float> percentiles(const Pixels &image, int channel) {
    std::vector<float> values;
    for (size_t i = size_t(channel); i < image.values.size(); i += size_t(image.channels))
        values.push_back(image.values[i]);
    const auto at = [&](double share) {
        const auto rank = values.begin() + std::ptrdiff_t(share * double(values.size() - 1));
        std::nth_element(values.begin(), rank, values.end());
        return *rank;
    };
    const float low = at(0.005);
    return {low, at(0.995)};
}

void put(Array<uint8_t> &rgb, int x, int y, Colour colour) {
    rgb(0, x, y) = colour.red;
    rgb(1, x, y) = colour.green;
    rgb(2, x, y) = colour.blue;
}

/// `share` of a colour on white.
Colour pale(Colour colour, double share) {
    const auto lighten = [=](uint8_t value) { return uint8_t(std::lround(255 - share * (255 - value))); };
    return {lighten(colour.red), lighten(colour.green), lighten(colour.blue)};
}

Colour difference_colour(uint8_t truth, uint8_t prediction, int classes) {
    if (truth == ignored) return ignored_gray;
    if (truth == prediction) return pale(class_colour(truth, classes), 0.25);
    return classes == 2 && truth != 0 ? too_much : missed;
}

/// Places `rgb` with each pixel as `scale` x `scale`, in a thin frame.
void place(Array<uint8_t> &picture, const Array<uint8_t> &rgb, int left, int top, int scale) {
    fill_rectangle(picture, left - 1, top - 1, rgb.width * scale + 2, rgb.height * scale + 2, frame);
    for (int y = 0; y < rgb.height; y++)
        for (int x = 0; x < rgb.width; x++)
            fill_rectangle(picture, left + x * scale, top + y * scale, scale, scale,
                           {rgb(0, x, y), rgb(1, x, y), rgb(2, x, y)});
}

constexpr int swatch = 8, swatch_gap = 4, entry_gap = 14;  // a legend's entry: space, a square of colour, space, words

int entry_width(const LegendEntry &entry) {
    return entry_gap + swatch + swatch_gap + text_width(entry.text, legend_scale);
}

int legend_width(const std::vector<LegendEntry> &legend) {
    int width = 0;
    for (const LegendEntry &entry : legend) width += entry_width(entry);
    return width;
}

void draw_caption(Array<uint8_t> &picture, const Panel &panel, int left, int width) {
    draw_text(picture, left, gap, panel.caption, caption_scale, ink);
    int x = left + width - legend_width(panel.legend);
    if (x < left + text_width(panel.caption, caption_scale)) return;
    const int line = gap + (caption_scale - legend_scale) * letter_height;  // both stand on one line
    for (const LegendEntry &entry : panel.legend) {
        fill_rectangle(picture, x + entry_gap, line - 1, swatch, swatch, entry.colour);
        draw_text(picture, x + entry_gap + swatch + swatch_gap, line, entry.text, legend_scale, ink);
        x += entry_width(entry);
    }
}

template<class Part, class Other>
void check_size(const Part &part, const char *name, const Other &other, const char *other_name) {
    const Size size{part.width, part.height}, expected{other.width, other.height};
    if (part.values.empty() || other.values.empty() || size == expected) return;
    throw Error(Exit::data, fmt::format("{}: {} x {} pixels, but the {} has {} x {}; give files that belong together",
                                        name, size.width, size.height, other_name, expected.width, expected.height));
}

Panel difference_panel(const Classes &truth, const Classes &prediction, int classes) {
    Panel panel{"difference", show_difference(truth, prediction, classes)};
    if (classes == 2) panel.legend = {{missed, "class 0 missed"}, {too_much, "class 0 too much"}};
    else panel.legend = {{missed, "wrong"}};
    return panel;
}

}  // namespace

Array<uint8_t> show_image(const Pixels &image) {
    const int shown = image.channels >= 3 ? 3 : 1;
    Array<uint8_t> rgb(3, image.width, image.height);
    for (int k = 0; k < 3; k++) {
        const int channel = shown == 3 ? k : 0;
        const auto [low, high] = percentiles(image, channel);
        const float scale = high > low ? 255 / (high - low) : 0;
        for (int y = 0; y < image.height; y++)
            for (int x = 0; x < image.width; x++)
                rgb(k, x, y) = uint8_t(std::clamp((image(channel, x, y) - low) * scale, 0.0f, 255.0f) + 0.5f);
    }
    return rgb;
}

Colour class_colour(uint8_t value, int classes) {
    constexpr Colour palette[] = {{0, 0, 0},      {230, 159, 0}, {86, 180, 233}, {0, 158, 115},
                                  {240, 228, 66}, {0, 114, 178}, {213, 94, 0},   {204, 121, 167}};
    if (value == ignored) return ignored_gray;
    if (classes == 2) return value ? white : Colour{};
    return palette[value % std::size(palette)];
}

Array<uint8_t> show_classes(const Classes &map, int classes) {
    Array<uint8_t> rgb(3, map.width, map.height);
    for (int y = 0; y < map.height; y++)
        for (int x = 0; x < map.width; x++) put(rgb, x, y, class_colour(map(x, y), classes));
    return rgb;
}

Array<uint8_t> show_difference(const Classes &truth, const Classes &prediction, int classes) {
    Array<uint8_t> rgb(3, truth.width, truth.height);
    for (int y = 0; y < truth.height; y++)
        for (int x = 0; x < truth.width; x++) put(rgb, x, y, difference_colour(truth(x, y), prediction(x, y), classes));
    return rgb;
}

Array<uint8_t> show_weights(const Pixels &weights) {
    // Lighter and lighter, so that it can be read in gray too.
    constexpr Colour anchors[] = {{0, 0, 4}, {80, 18, 123}, {182, 54, 121}, {251, 136, 97}, {252, 253, 191}};
    constexpr int pieces = int(std::size(anchors)) - 1;
    const float most = *std::max_element(weights.values.begin(), weights.values.end());
    Array<uint8_t> rgb(3, weights.width, weights.height);
    for (int y = 0; y < weights.height; y++)
        for (int x = 0; x < weights.width; x++) {
            const float at = most > 0 ? weights(x, y) / most * pieces : 0;
            const int piece = std::clamp(int(at), 0, pieces - 1);
            const auto mix = [&](uint8_t a, uint8_t b) {
                return uint8_t(std::lround(a + (at - float(piece)) * (b - a)));
            };
            const Colour a = anchors[piece], b = anchors[piece + 1];
            put(rgb, x, y, {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)});
        }
    return rgb;
}

Panel weights_panel(const Pixels &weights) {
    const float most = *std::max_element(weights.values.begin(), weights.values.end());
    return {fmt::format("weights 0 - {:.3g}", most), show_weights(weights)};
}

Array<uint8_t> panel_row(const std::vector<Panel> &panels) {
    const Array<uint8_t> &first = panels.at(0).rgb;
    const int side = std::max(first.width, first.height), scale = (smallest_panel + side - 1) / side;
    const int width = first.width * scale, height = first.height * scale;
    const int count = int(panels.size());
    Array<uint8_t> picture(3, count * (width + gap) + gap, gap + caption_height + height + gap, 255);
    for (int i = 0; i < count; i++) {
        const int left = gap + i * (width + gap);
        draw_caption(picture, panels[i], left, width);
        place(picture, panels[i].rgb, left, gap + caption_height, scale);
    }
    return picture;
}

Array<uint8_t> stacked(const std::vector<Array<uint8_t>> &pictures) {
    Array<uint8_t> all(3, pictures.at(0).width, 0);
    for (const Array<uint8_t> &picture : pictures) {
        all.height += picture.height;
        all.values.insert(all.values.end(), picture.values.begin(), picture.values.end());
    }
    return all;
}

std::vector<Panel> comparison_panels(const Comparison &shown, int classes) {
    const auto &[image, truth, weights, prediction] = shown;
    check_size(truth, "truth", image, "image");
    check_size(weights, "weights", image, "image");
    check_size(prediction, "prediction", image, "image");
    check_size(weights, "weights", truth, "truth");
    check_size(prediction, "prediction", truth, "truth");
    std::vector<Panel> panels;
    if (!image.values.empty()) panels.push_back({"input", show_image(image)});
    if (!truth.values.empty()) panels.push_back({"truth", show_classes(truth, classes)});
    if (!weights.values.empty()) panels.push_back(weights_panel(weights));
    if (!prediction.values.empty()) panels.push_back({"prediction", show_classes(prediction, classes)});
    if (!truth.values.empty() && !prediction.values.empty())
        panels.push_back(difference_panel(truth, prediction, classes));
    return panels;
}

Array<uint8_t> side_by_side(const Comparison &shown, int classes) {
    return panel_row(comparison_panels(shown, classes));
}

}  // namespace unet
