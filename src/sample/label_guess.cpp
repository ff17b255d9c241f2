#include "src/sample/label_guess.h"
#include "src/base/error.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

// Mean size of the pieces of all values but the two with most pixels.
double rare_piece_pixels(const LabelHistogram &histogram) {
    std::vector<ValueCount> counts;
    for (const auto &[value, count] : histogram.counts()) counts.push_back(count);
    if (counts.size() <= 2) return 0;
    std::nth_element(counts.begin(), counts.begin() + 1, counts.end(),
                     [](const ValueCount &a, const ValueCount &b) { return a.pixels > b.pixels; });
    ValueCount rare = histogram.rest();
    for (size_t i = 2; i < counts.size(); i++) {
        rare.pixels += counts[i].pixels;
        rare.pieces += counts[i].pieces;
    }
    return double(rare.pixels) / double(rare.pieces);
}

}  // namespace

ObjectFacts object_facts(const LabelHistogram &histogram) {
    ObjectFacts facts;
    ValueCount sum = histogram.rest();
    for (const auto &[value, count] : histogram.counts()) {
        if (value == 0) continue;
        facts.values++;
        sum.windows += count.windows;
        sum.whole += count.whole;
    }
    if (sum.windows) facts.whole_share = double(sum.whole) / double(sum.windows);
    if (facts.values) facts.recurrence = double(sum.windows) / (double(facts.values) * double(histogram.windows()));
    facts.rare_piece_pixels = rare_piece_pixels(histogram);
    return facts;
}

LabelKind guess_kind(const LabelHistogram &histogram, const std::string &name) {
    const size_t distinct = histogram.counts().size();
    if (distinct <= 2) return LabelKind::binary;
    const ObjectFacts facts = object_facts(histogram);
    if (facts.whole_share < 0.5) {
        if (distinct > 16 && facts.rare_piece_pixels < 4)
            throw Error(Exit::data,
                        fmt::format("{}: {} different values scattered in specks of {:.1f} pixels are neither classes "
                                    "nor ids (gray values? labels resized with interpolation?); threshold them, "
                                    "or say --label-kind",
                                    name, distinct, facts.rare_piece_pixels));
        return facts.values <= 32 ? LabelKind::classes : LabelKind::instances;
    }
    const bool same_everywhere = histogram.windows() > 1 && facts.recurrence >= 0.8;
    return facts.values <= 8 && same_everywhere ? LabelKind::classes : LabelKind::instances;
}

}  // namespace unet
