#include "pipeline/check.h"
#include "pipeline/output_path.h"
#include "pipeline/train_data.h"
#include "src/base/part_file.h"
#include "src/base/paths.h"
#include "src/sample/class_balance.h"
#include "src/sample/normalise.h"
#include "src/sample/pairing.h"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <set>

namespace unet {

namespace {

using nlohmann::ordered_json;

// All that was found.
struct Findings {
    Pairing pairing;
    std::vector<GrayRange> grays;
    Normalisation normalisation;
    std::pair<GrayRange, GrayRange> contrasts;  // of the pages with the least and the most in the first channel
    LabelSurvey labels;
    std::vector<double> weights;
};

int64_t pages_of(const Findings &found) {
    int64_t pages = 0;
    for (const LabelledStack &pair : found.pairing.pairs) pages += pair.images->shape().pages;
    return pages;
}

float contrast(const GrayRange &range) { return range.high - range.low; }

// Of a hundred pages at most, evenly spread. Those of a single value are left out.
std::pair<GrayRange, GrayRange> extreme_contrasts(const Findings &found) {
    constexpr int64_t most_pages = 100;
    const int64_t pages = pages_of(found), step = (pages + most_pages - 1) / most_pages;
    if (pages == 1) return {};  // nothing to compare it with
    std::vector<GrayRange> ranges;
    int64_t number = 0;
    for (const LabelledStack &pair : found.pairing.pairs) {
        const auto read = [&](int page, Rect region) { return pair.images->read(page, region); };
        for (int page = 0; page < pair.images->shape().pages; page++)
            if (number++ % step == 0) ranges.push_back(survey_grays_of_page(pair.images->shape(), page, read).front());
    }
    std::erase_if(ranges, [](const GrayRange &range) { return contrast(range) == 0; });
    if (ranges.empty()) return {};
    const auto [least, most] = std::minmax_element(
        ranges.begin(), ranges.end(), [](const auto &a, const auto &b) { return contrast(a) < contrast(b); });
    return {*least, *most};
}

Findings look(const CheckOptions &options) {
    Findings found;
    found.pairing = pair_images(options.images, options.labels, options.slices, options.choice);
    found.labels = survey_labels(labels_of(found.pairing.pairs), options.ignore_label, options.label_kind);
    found.grays = survey_grays(images_of(found.pairing.pairs));
    found.normalisation = normalisation_of(found.grays);
    found.contrasts = extreme_contrasts(found);
    found.weights = class_weights(found.labels);
    return found;
}

using Sizes = std::set<std::pair<int, int>>;  // width, height

Sizes sizes_of(const Findings &found) {
    Sizes sizes;
    for (const LabelledStack &pair : found.pairing.pairs)
        sizes.emplace(pair.images->shape().width, pair.images->shape().height);
    return sizes;
}

std::string sizes_text(const Sizes &sizes) {
    const auto text = [](const std::pair<int, int> &size) { return fmt::format("{} x {}", size.first, size.second); };
    if (sizes.size() == 1) return fmt::format("of {} pixels", text(*sizes.begin()));
    return fmt::format("of {} sizes from {} to {} pixels", sizes.size(), text(*sizes.begin()), text(*sizes.rbegin()));
}

std::string types_text(const Findings &found) {
    std::set<std::string> types;
    for (const LabelledStack &pair : found.pairing.pairs) types.insert(sample_type_name(pair.images->shape().type));
    return fmt::format("{}", fmt::join(types, " and "));
}

std::string images_text(const Findings &found) {
    const auto count = [](int64_t n, const char *what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); };
    return fmt::format("Images: {} {}, {}, {}.", count(pages_of(found), "page"), sizes_text(sizes_of(found)),
                       count(found.pairing.pairs[0].images->shape().samples, "channel"), types_text(found));
}

std::vector<std::string> gray_texts(const Findings &found) {
    std::vector<std::string> texts;
    for (size_t k = 0; k < found.grays.size(); k++)
        texts.push_back(fmt::format("Gray values{}: {:.6g} to {:.6g}; training maps {:.6g} to 0 and {:.6g} to 1.",
                                    found.grays.size() > 1 ? fmt::format(" of channel {}", k) : "",
                                    found.grays[k].least, found.grays[k].greatest, found.normalisation.low[k],
                                    found.normalisation.high[k]));
    return texts;
}

std::string weights_text(const Findings &found) {
    const auto names = found.labels.scheme.class_names();
    std::string text = "Weights, so that every class counts alike:";
    for (size_t c = 0; c < names.size(); c++)
        text += fmt::format("{} {} {:.4g}", c ? "," : "", names[c], found.weights[c]);
    return text + ".";
}

std::vector<std::string> words_of(const Findings &found) {
    std::vector<std::string> words{images_text(found), fmt::format("Pairs: {}", found.pairing.how)};
    for (const std::string &text : gray_texts(found)) words.push_back(text);
    for (const std::string &text : found.labels.words()) words.push_back(text);
    words.push_back(weights_text(found));
    return words;
}

std::vector<std::string> problems_of(const Findings &found) {
    std::vector<std::string> problems = found.labels.problems();
    for (size_t k = 0; k < found.grays.size(); k++) {
        const GrayRange &range = found.grays[k];
        if (range.least == range.greatest)
            problems.push_back(
                fmt::format("Channel {} has the value {} everywhere; it tells nothing.", k, range.least));
        else if (range.low == range.high)
            problems.push_back(
                fmt::format("Channel {}: 99 % of the pixels have the value {:.6g}; the extremes are taken instead "
                            "of the percentiles.",
                            k, range.low));
    }
    const auto &[least, most] = found.contrasts;
    if (contrast(most) > 3 * contrast(least))
        problems.push_back(fmt::format(
            "Pages differ in brightness: gray values lie within {:.6g} to {:.6g} on one and {:.6g} to {:.6g} on "
            "another; try train --normalise page.",
            least.low, least.high, most.low, most.high));
    if (pages_of(found) == 1) problems.push_back("There is one page only, so no page can be held out for validation.");
    return problems;
}

ordered_json labels_json(const Findings &found) {
    const LabelSurvey &labels = found.labels;
    ordered_json json{{"kind", kind_name(labels.scheme.kind)},
                      {"guessed", labels.guessed},
                      {"distinct_values", labels.distinct},
                      {"touching", labels.touching},
                      {"ignored_pixels", labels.ignored_pixels}};
    const auto names = labels.scheme.class_names();
    for (size_t c = 0; c < names.size(); c++) {
        json["class_pixels"][names[c]] = labels.class_pixels[c];
        json["class_weights"][names[c]] = found.weights[c];
    }
    return json;
}

std::string json_text(const Findings &found) {
    ordered_json json{{"pairs", found.pairing.pairs.size()},
                      {"pages", pages_of(found)},
                      {"channels", found.pairing.pairs[0].images->shape().samples}};
    for (const auto &[width, height] : sizes_of(found)) json["sizes"].push_back({width, height});
    for (const GrayRange &range : found.grays)
        json["gray_values"].push_back(
            {{"least", range.least}, {"low", range.low}, {"high", range.high}, {"greatest", range.greatest}});
    json["labels"] = labels_json(found);
    json["words"] = words_of(found);
    json["problems"] = problems_of(found);
    return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string plain_text_of(const Findings &found) {
    std::string text;
    for (const std::string &line : words_of(found)) text += line + "\n";
    const auto problems = problems_of(found);
    for (const std::string &line : problems) text += fmt::format("Problem: {}\n", line);
    return text + (problems.empty() ? "No problem found.\n" : "");
}

}  // namespace

void run_check(const CheckOptions &options) {
    if (!options.json.empty()) {
        check_output(options.json, expand_lists(options.images).files);
        check_output(options.json, expand_paths(options.labels));
    }
    const Findings found = look(options);
    if (options.json != "-") write_text("-", plain_text_of(found));
    if (!options.json.empty()) write_text(options.json, json_text(found));
}

}  // namespace unet
