#include "pipeline/evaluate_report.h"
#include "pipeline/machine.h"
#include "pipeline/progress.h"
#include "pipeline/report_parts.h"
#include "pipeline/validation.h"
#include "src/base/part_file.h"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>

namespace unet {

namespace {

using nlohmann::ordered_json;

constexpr int most_shown_slices = 12, certainly_worst = 6, largest_shown_side = 512;
constexpr size_t most_table_rows = 500;

struct Score {
    const char *key, *name;
};

/// Numbers of the JSON that are shown, where they apply.
constexpr Score judged_scores[] = {{"pixel_error", "pixel error"},
                                   {"v_rand", "V_rand"},
                                   {"v_info", "V_info"},
                                   {"rand_error", "Rand error"},
                                   {"warping_error", "warping error"},
                                   {"arand", "ARAND"},
                                   {"voi_split", "VOI split"},
                                   {"voi_merge", "VOI merge"},
                                   {"seg", "SEG"},
                                   {"f1", "F1"},
                                   {"pq", "PQ"}};

std::string judged_text(const ordered_json &scores, const char *key) {
    if (!scores.contains(key)) return score_text({});
    const auto value = scores[key].get<double>();
    return key == std::string_view("warping_error") ? fmt::format("{:.6f}", value) : score_text(value);
}

bool is_key_figure(std::string_view key) {
    return key == "pixel_error" || key == "v_rand" || key == "v_info" || key == "seg" || key == "f1" || key == "pq";
}

std::vector<Fact> total_figures(const EvaluationOutcome &outcome) {
    const ordered_json &total = outcome.scores["total"];
    std::vector<Fact> facts{{"mean IoU", score_text(mean_iou(outcome.total))}};
    for (const auto &[key, name] : judged_scores)
        if (total.contains(key) && is_key_figure(key)) facts.push_back({name, judged_text(total, key)});
    if (total.contains("ap") && total["ap"].contains("0.50"))
        facts.push_back({"AP at 0.5", score_text(total["ap"]["0.50"].get<double>())});
    return facts;
}

/// Slices from the worst mean IoU to the best.
std::vector<size_t> ranking(const EvaluationOutcome &outcome) {
    std::vector<size_t> order(outcome.slices.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::vector<double> iou;
    for (const JudgedSlice &slice : outcome.slices) iou.push_back(mean_iou(*slice.confusion));
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return iou[a] < iou[b]; });
    return order;
}

/// The ranks that are shown of so many: the worst, and others evenly up to the best.
std::vector<size_t> shown_ranks(size_t slices) {
    std::vector<size_t> ranks(std::min<size_t>(slices, most_shown_slices));
    std::iota(ranks.begin(), ranks.end(), size_t(0));
    const size_t rest = ranks.size() - std::min<size_t>(ranks.size(), certainly_worst);
    for (size_t i = 0; i < rest; i++)
        ranks[certainly_worst + i] = certainly_worst + (slices - certainly_worst) * (i + 1) / rest - 1;
    return ranks;
}

Chart slices_chart(const EvaluationOutcome &outcome, const std::vector<std::string> &names) {
    Chart chart{"IoU", "of each class", "slice", {}, {}, std::pair(0.0, 1.0), {}};
    for (int c = 0; c < std::min<int>(int(names.size()), series_colours); c++) {
        Series series{names[size_t(c)], {}, c};
        for (size_t i = 0; i < outcome.slices.size(); i++)
            if (const auto iou = outcome.slices[i].confusion->iou(c)) series.points.push_back({double(i), *iou});
        chart.series.push_back(std::move(series));
    }
    return chart;
}

Chart scores_chart(const EvaluationOutcome &outcome, const char *title, std::initializer_list<Score> scores) {
    Chart chart{title, "", "slice", {}, {}, std::pair(0.0, 1.0), {}};
    int colour = 0;
    for (const auto &[key, name] : scores) {
        Series series{name, {}, colour++};
        const ordered_json &slices = outcome.scores["slices"];
        for (size_t i = 0; i < slices.size(); i++)
            if (slices[i].contains(key)) series.points.push_back({double(i), slices[i][key].get<double>()});
        chart.series.push_back(std::move(series));
    }
    return chart;
}

HtmlTable slice_table(const std::vector<LabelledStack> &pairs, const EvaluationOutcome &outcome,
                      const std::vector<std::string> &names) {
    const ordered_json &slices = outcome.scores["slices"];
    HtmlTable table{{"slice", "mean IoU"}, {}, true};
    std::vector<const char *> keys;
    for (const std::string &name : names) table.head.push_back("IoU " + name);
    for (const auto &[key, name] : judged_scores)
        if (outcome.scores["total"].contains(key)) {
            table.head.push_back(name);
            keys.push_back(key);
        }
    const auto add = [&](const std::string &what, const Confusion &confusion, const ordered_json &scores) {
        std::vector<std::string> row{what, score_text(mean_iou(confusion))};
        for (int c = 0; c < confusion.classes(); c++) row.push_back(score_text(confusion.iou(c)));
        for (const char *key : keys) row.push_back(judged_text(scores, key));
        table.rows.push_back(std::move(row));
    };
    const std::vector<size_t> order = ranking(outcome);
    for (size_t rank = 0; rank < std::min(order.size(), most_table_rows); rank++) {
        const JudgedSlice &slice = outcome.slices[order[rank]];
        add(slice_name(*pairs[slice.pair].images, slice.page), *slice.confusion, slices[order[rank]]);
    }
    add("total", outcome.total, outcome.scores["total"]);
    return table;
}

void add_judged_slices(HtmlReport &report, const std::vector<LabelledStack> &pairs, const EvaluationPictures &pictures,
                       const EvaluationOutcome &outcome) {
    const std::vector<size_t> order = ranking(outcome), ranks = shown_ranks(order.size());
    report.section("Slices, the worst first",
                   order.size() > ranks.size()
                       ? fmt::format("By mean IoU: the {} worst of {}, and others up to the best; of larger ones the "
                                     "middle {} x {} pixels.",
                                     certainly_worst, order.size(), largest_shown_side, largest_shown_side)
                       : fmt::format("By mean IoU; of larger ones the middle {} x {} pixels.", largest_shown_side,
                                     largest_shown_side));
    add_slices(report, outcome.scheme, int(ranks.size()), [&](int i) {
        const size_t rank = ranks[size_t(i)];
        const JudgedSlice &slice = outcome.slices[order[rank]];
        const char *place = rank == 0 ? ", the worst" : rank + 1 == order.size() ? ", the best" : "";
        const Comparison shown = pictures.compared(slice.pair, slice.page, square(largest_shown_side), outcome.scheme);
        return ReportSlice{fmt::format("{}: mean IoU {:.4f}{}", slice_name(*pairs[slice.pair].images, slice.page),
                                       mean_iou(*slice.confusion), order.size() > 1 ? place : ""),
                           comparison_panels(shown, outcome.scheme.classes())};
    });
}

std::vector<Fact> evaluate_facts(const EvaluateOptions &options, const LabelScheme &scheme) {
    std::vector<Fact> facts;
    const auto add = [&](const char *name, const std::string &value) {
        if (!value.empty()) facts.push_back({name, value});
    };
    add("prediction", paths_text(options.prediction));
    add("truth", paths_text(options.truth));
    add("probabilities", paths_text(options.probabilities));
    add("instances", paths_text(options.instances));
    add("images", paths_text(options.images));
    add("label-kind", kind_name(scheme.kind));
    if (options.slices) add("z", fmt::format("{}:{}", options.slices->first, options.slices->second));
    if (options.ignore_label) add("ignore-label", std::to_string(*options.ignore_label));
    add("class between objects", std::to_string(options.border_class));
    return facts;
}

void add_stages(HtmlReport &report, const EvaluationOutcome &outcome) {
    double whole = 0;
    for (const auto &[name, seconds] : outcome.seconds) whole += seconds;
    report.section("Time", fmt::format("{} before this page was written.", duration_text(whole)));
    report.times(outcome.seconds, whole);
}

}  // namespace

void write_evaluate_report(const EvaluateOptions &options, const std::vector<LabelledStack> &pairs,
                           const EvaluationPictures &pictures, const EvaluationOutcome &outcome) {
    const std::vector<std::string> names = readable_names(outcome.scheme);
    const size_t slices = outcome.slices.size();
    HtmlReport report("Evaluation of " + std::filesystem::path(pairs.front().images->name()).filename().string() +
                          (pairs.size() > 1 ? fmt::format(" and {} more", pairs.size() - 1) : ""),
                      fmt::format("{} slice{}, {}", slices, slices == 1 ? "" : "s", date_and_time()));
    report.key_figures(total_figures(outcome));
    if (slices > 1) {
        report.section("Over slices");
        report.charts({slices_chart(outcome, names),
                       scores_chart(outcome, "Objects found", {{"seg", "SEG"}, {"f1", "F1"}, {"pq", "PQ"}}),
                       scores_chart(outcome, "Cells parted", {{"v_rand", "V_rand"}, {"v_info", "V_info"}})});
    }
    add_judged_slices(report, pairs, pictures, outcome);
    add_confusion(report, names, confusion_counts(outcome.total),
                  "Pixels of all slices: of each true class, the share that was predicted as each.");
    report.section("Scores of each slice",
                   slices > most_table_rows ? fmt::format("The {} worst.", most_table_rows) : "The worst first.");
    report.table(slice_table(pairs, outcome, names));
    report.section("Options");
    report.facts(evaluate_facts(options, outcome.scheme));
    add_stages(report, outcome);
    report.section("Machine");
    report.facts(machine_facts());
    write_text(options.report, report.finish());
}

}  // namespace unet
