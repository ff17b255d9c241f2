#include "pipeline/evaluate.h"
#include "pipeline/evaluate_pictures.h"
#include "pipeline/evaluate_prediction.h"
#include "pipeline/evaluate_regions.h"
#include "pipeline/evaluate_report.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include "src/base/paths.h"
#include "src/sample/pairing.h"
#include "src/sample/windows.h"
#include "src/score/confusion.h"
#include "src/score/truth_scheme.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace unet {

namespace {

using nlohmann::ordered_json;

struct SliceScore {
    size_t pair;
    std::string file;  // of the prediction
    int page;
    Confusion confusion;
};

void score_window(const LabelledStack &pair, int page, Rect window, const LabelScheme &scheme,
                  const EvaluateOptions &options, Confusion &confusion) {
    try {
        confusion.add(predicted_classes(*pair.images, page, window, options),
                      to_classes_as_labelled(pair.labels->read_ids(page, window), scheme));
    } catch (const Error &error) {
        throw Error(error.code, fmt::format("{} against {}, page {}: {}", pair.images->name(), pair.labels->name(),
                                            page, error.what()));
    }
}

std::vector<SliceScore> score_slices(const std::vector<LabelledStack> &pairs, const LabelScheme &scheme,
                                     const EvaluateOptions &options) {
    std::vector<SliceScore> slices;
    for (size_t i = 0; i < pairs.size(); i++) {
        const LabelledStack &pair = pairs[i];
        const size_t first = slices.size();
        const std::string file = std::filesystem::path(pair.images->name()).filename().string();
        for (int page = 0; page < pair.images->shape().pages; page++)
            slices.push_back({i, file, page, Confusion(scheme.classes())});
        for_each_window(pair.labels->shape(), [&](int page, Rect window) {
            score_window(pair, page, window, scheme, options, slices[first + page].confusion);
        });
    }
    return slices;
}

ordered_json scores(const Confusion &confusion, const std::vector<std::string> &names) {
    ordered_json iou = ordered_json::object(), dice = ordered_json::object(), all;
    for (int c = 0; c < confusion.classes(); c++) {
        if (const auto value = confusion.iou(c)) iou[names[c]] = *value;
        if (const auto value = confusion.dice(c)) dice[names[c]] = *value;
    }
    all["iou"] = iou;
    all["dice"] = dice;
    if (const auto value = confusion.pixel_error()) all["pixel_error"] = *value;
    return all;
}

ordered_json all_scores(const Confusion &total, const std::vector<SliceScore> &slices, const RegionReport &regions,
                        const std::vector<std::string> &names) {
    ordered_json json;
    json["total"] = scores(total, names);
    regions.add_total(json["total"]);
    json["slices"] = ordered_json::array();
    for (size_t i = 0; i < slices.size(); i++) {
        ordered_json entry{{"file", slices[i].file}, {"page", slices[i].page}};
        entry.update(scores(slices[i].confusion, names));
        regions.add_slice(i, entry);
        json["slices"].push_back(entry);
    }
    return json;
}

std::string json_text(const ordered_json &json) {
    return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string cell(const std::optional<double> &value, size_t width) {
    return value ? fmt::format("  {:>{}.4f}", *value, width) : fmt::format("  {:>{}}", "-", width);
}

// Columns: what, IoU of each class, Dice of each class, pixel error.
class Table {
public:
    Table(const std::vector<std::string> &names, size_t first_column) : names_(names), first_column_(first_column) {
        text_ = fmt::format("{:<{}}", "slice", first_column_);
        for (const char *score : {"IoU ", "Dice "})
            for (const std::string &name : names_) text_ += fmt::format("  {:>{}}", score + name, width(name));
        text_ += "  pixel error\n";
    }

    void add(const std::string &what, const Confusion &confusion) {
        text_ += fmt::format("{:<{}}", what, first_column_);
        for (int c = 0; c < confusion.classes(); c++) text_ += cell(confusion.iou(c), width(names_[c]));
        for (int c = 0; c < confusion.classes(); c++) text_ += cell(confusion.dice(c), width(names_[c]));
        text_ += cell(confusion.pixel_error(), std::string("pixel error").size()) + "\n";
    }

    const std::string &text() const { return text_; }

private:
    static size_t width(const std::string &name) {
        return std::max<size_t>(8, name.size() + std::string("Dice ").size());
    }

    const std::vector<std::string> &names_;
    size_t first_column_;
    std::string text_;
};

std::string table_text(const Confusion &total, const std::vector<SliceScore> &slices,
                       const std::vector<std::string> &names) {
    const bool one_file = slices.empty() || slices.front().file == slices.back().file;
    const auto what = [&](const SliceScore &slice) {
        return one_file ? std::to_string(slice.page) : fmt::format("{}:{}", slice.file, slice.page);
    };
    size_t longest = std::string("total").size();
    for (const SliceScore &slice : slices) longest = std::max(longest, what(slice).size());
    Table table(names, longest);
    for (const SliceScore &slice : slices) table.add(what(slice), slice.confusion);
    table.add("total", total);
    return table.text();
}

// More than two classes cannot be instances.
std::optional<LabelKind> kind_to_look_for(const EvaluateOptions &options) {
    if (!options.label_kind && options.classes > 2) return LabelKind::classes;
    return options.label_kind;
}

// A prediction that holds just as many slices as are asked for is what `segment --z` wrote: it is taken whole.
Slices slices_of_prediction(const std::vector<std::filesystem::path> &files, bool one_stack, const Slices &slices) {
    if (!slices || files.empty()) return slices;
    const ImageStack reader(one_stack ? files : std::vector{files.front()});
    return reader.shape().pages == slices->second - slices->first ? Slices() : slices;
}

void check_outputs(const EvaluateOptions &options, const std::vector<std::filesystem::path> &prediction,
                   const std::vector<std::filesystem::path> &truth) {
    if (options.report == "-") throw Error(Exit::usage, "--report: is a file, with pictures in it; name one");
    if (!options.report.empty() && std::filesystem::exists(options.report) && !options.overwrite)
        throw Error(Exit::cannot_create, options.report + ": exists; add --overwrite to replace it");
    if (!options.report.empty() && options.report == options.json)
        throw Error(Exit::usage, "--report and --json name one file; give each its own");
    make_folder_of(options.report);
    for (const std::string &output : {options.json, options.report}) {
        if (output.empty()) continue;
        check_output(output, prediction);
        check_output(output, truth);
        for (const auto *paths : {&options.probabilities, &options.instances, &options.images})
            if (!paths->empty()) check_output(output, expand_paths(*paths));
    }
}

/// Seconds between one call and the next.
class StageClock {
public:
    double lap() {
        const auto now = std::chrono::steady_clock::now();
        return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace

void run_evaluate(const EvaluateOptions &options) {
    StageClock clock;
    std::vector<std::pair<std::string, double>> seconds;
    const auto prediction = files_of_prediction(options), truth_files = expand_paths(options.truth);
    check_outputs(options, prediction, truth_files);
    const PairSlices slices_of{slices_of_prediction(prediction, truth_files.size() == 1, options.slices),
                               options.slices};
    const auto pairs = pair_stacks(prediction, truth_files, {"prediction", "truth"}, slices_of).pairs;
    const EvaluationPictures pictures(pairs, options);
    const LabelSurvey truth = describe_labels(labels_of(pairs), options.ignore_label, kind_to_look_for(options));
    const LabelScheme scheme = truth_scheme(truth, options.classes);
    check_classes(scheme, options);
    seconds.emplace_back("start: pairing, survey of the truth", clock.lap());
    const std::vector<SliceScore> slices = score_slices(pairs, scheme, options);
    Confusion total(scheme.classes());
    for (const SliceScore &slice : slices) total.add(slice.confusion);
    if (!total.pixels()) throw Error(Exit::data, "truth: every pixel is ignored; nothing can be scored");
    seconds.emplace_back("pixels", clock.lap());
    const RegionReport regions = score_regions(pairs, scheme, options);
    seconds.emplace_back("regions and objects", clock.lap());
    const auto names = scheme.class_names();
    const bool asked = !options.json.empty() || !options.report.empty();
    const ordered_json json = asked ? all_scores(total, slices, regions, names) : ordered_json();
    if (options.json != "-") write_text("-", table_text(total, slices, names) + regions.text());
    if (!options.json.empty()) write_text(options.json, json_text(json));
    pictures.write(scheme);
    if (options.report.empty()) return;
    if (!options.pictures.empty()) seconds.emplace_back("pictures", clock.lap());
    std::vector<JudgedSlice> judged;
    for (const SliceScore &slice : slices) judged.push_back({slice.pair, slice.page, &slice.confusion});
    write_evaluate_report(options, pairs, pictures, {scheme, total, judged, json, seconds});
}

}  // namespace unet
