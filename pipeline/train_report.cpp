#include "pipeline/train_report.h"
#include "pipeline/machine.h"
#include "pipeline/progress.h"
#include "pipeline/report_parts.h"
#include "pipeline/validation.h"
#include "pipeline/validation_picture.h"
#include "src/base/part_file.h"
#include "src/sample/windows.h"
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace unet {

namespace {

constexpr double wide_loss = 30;      // a loss that falls by more is drawn on a logarithmic axis
constexpr size_t smoothed_over = 25;  // a part of the curve: the reach of the moving mean

template<class Value>
std::vector<Point> curve_of(const std::vector<TrainMetrics> &log, Value value) {
    std::vector<Point> points;
    for (const TrainMetrics &line : log)
        if (const std::optional<double> y = value(line)) points.push_back({double(line.step), *y});
    return points;
}

Chart loss_chart(const std::vector<TrainMetrics> &log, const TrainOutcome &outcome) {
    const auto raw = curve_of(log, [](const TrainMetrics &line) { return std::optional(line.loss); });
    double least = 1e300, greatest = 0;
    for (const Point &point : raw) {
        least = std::min(least, point.y);
        greatest = std::max(greatest, point.y);
    }
    const bool wide = least > 0 && greatest > wide_loss * least;
    return {"Training loss",
            outcome.how.at("loss") + (wide ? ", logarithmic" : ""),
            "step",
            {{"as logged", raw, 0, Series::Look::faint}, {"smoothed", smoothed(raw, raw.size() / smoothed_over), 0}},
            wide ? Scale::Kind::logarithmic : Scale::Kind::linear,
            {},
            {}};
}

Chart rate_chart(const std::vector<TrainMetrics> &log, const TrainOutcome &outcome) {
    const auto points = curve_of(log, [](const TrainMetrics &line) { return std::optional(line.learning_rate); });
    return {"Learning rate", outcome.how.at("schedule"), "step", {{"learning rate", points, 3}}, {}, {}, {}};
}

Chart speed_chart(const std::vector<TrainMetrics> &log) {
    const auto points = curve_of(log, [](const TrainMetrics &line) { return std::optional(line.samples_per_second); });
    return {"Speed",
            "samples per second, validation left out",
            "step",
            {{"as logged", points, 5, Series::Look::faint},
             {"smoothed", smoothed(points, points.size() / smoothed_over), 5}},
            {},
            {},
            {}};
}

std::optional<Mark> best_mark(const TrainOutcome &outcome) {
    if (outcome.best_step == 0) return {};
    return Mark{double(outcome.best_step), "best"};
}

Chart iou_chart(const std::vector<TrainMetrics> &log, const TrainOutcome &outcome) {
    return {"Mean IoU",
            "of classes",
            "step",
            {{"validation", curve_of(log, [](const TrainMetrics &line) { return line.validation_iou; }), 0},
             {"training, up to 3 slices", curve_of(log, [](const TrainMetrics &line) { return line.training_iou; }), 1},
             {"validation PQ", curve_of(log, [](const TrainMetrics &line) { return line.validation_pq; }), 2}},
            {},
            std::pair(0.0, 1.0),
            best_mark(outcome)};
}

// Of the classes that are the worst at the end, where there are more than colours.
Chart class_chart(const std::vector<TrainMetrics> &log, const TrainOutcome &outcome,
                  const std::vector<std::string> &names) {
    std::vector<std::vector<Point>> curves;
    for (size_t c = 0; c < names.size(); c++)
        curves.push_back(curve_of(log, [&](const TrainMetrics &line) {
            return c < line.validation_class_iou.size() ? line.validation_class_iou[c] : std::nullopt;
        }));
    std::vector<size_t> order(names.size());
    std::iota(order.begin(), order.end(), size_t(0));
    const auto end = [&](size_t c) { return curves[c].empty() ? 2 : curves[c].back().y; };
    const bool many = names.size() > series_colours;
    if (many) std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return end(a) < end(b); });
    if (many) order.resize(series_colours);
    Chart chart{"IoU of each class",
                many ? "validation; the worst at the end" : "validation",
                "step",
                {},
                {},
                std::pair(0.0, 1.0),
                best_mark(outcome)};
    for (size_t i = 0; i < order.size(); i++) chart.series.push_back({names[order[i]], curves[order[i]], int(i)});
    return chart;
}

// Of the steps of all starts of the run.
double seconds_of_steps(const std::vector<TrainMetrics> &log, int batch) {
    double seconds = 0;
    int64_t before = 0;
    for (const TrainMetrics &line : log) {
        if (line.samples_per_second > 0) seconds += double((line.step - before) * batch) / line.samples_per_second;
        before = line.step;
    }
    return seconds;
}

std::vector<Fact> key_figures(const TrainOptions &options, const TrainData &data, const TrainOutcome &outcome,
                              const std::vector<TrainMetrics> &log) {
    std::vector<Fact> facts;
    if (outcome.best_step > 0) {
        facts.push_back({"best validation, " + quality_name(data.survey.scheme), score_text(outcome.best_quality)});
        facts.push_back({"at step", fmt::format("{} of {}", outcome.best_step, outcome.steps)});
    } else facts.push_back({"steps, the last is kept", std::to_string(outcome.steps)});
    const double seconds = seconds_of_steps(log, options.batch);
    if (seconds > 0) {
        facts.push_back(
            {"speed, samples per second", fmt::format("{:.3g}", double(outcome.steps * options.batch) / seconds)});
        if (outcome.resumed_after > 0) facts.push_back({"steps took, all starts", duration_text(seconds)});
    }
    facts.push_back(
        {outcome.resumed_after > 0 ? "since it was resumed" : "duration", duration_text(outcome.times.all)});
    return facts;
}

HtmlTable class_table(const TrainData &data, const std::vector<std::string> &names) {
    HtmlTable table{{"class", "pixels", "share", "weight in the loss"}, {}, false};
    const std::vector<uint64_t> &pixels = data.survey.class_pixels;
    const double all = double(std::accumulate(pixels.begin(), pixels.end(), uint64_t(0)));
    for (size_t c = 0; c < names.size(); c++)
        table.rows.push_back({names[c], std::to_string(pixels[c]),
                              fmt::format("{:.2f} %", 100 * double(pixels[c]) / all),
                              fmt::format("{:.3f}", data.class_weights[c])});
    return table;
}

std::vector<Fact> option_facts(const TrainOptions &options, const TrainOutcome &outcome) {
    const Architecture &network = outcome.architecture;
    std::vector<Fact> facts{{"images", paths_text(options.images)},
                            {"labels", paths_text(options.labels)},
                            {"model", options.model},
                            {"width", std::to_string(network.width)},
                            {"depth", std::to_string(network.depth)},
                            {"pooling", network.pooling == Pooling::max ? "max" : "average"},
                            {"input channels", std::to_string(network.channels)}};
    if (!options.from.empty()) facts.push_back({"from", options.from});
    if (options.time_limit_seconds) facts.push_back({"time-limit", duration_text(*options.time_limit_seconds)});
    for (const auto &[name, value] : outcome.how) {
        const bool told =
            name == "unetflow" || name == "class-pixels" || name == "inputs" || name == "from" || value.empty();
        if (!told) facts.push_back({name, value});
    }
    return facts;
}

void add_times(HtmlReport &report, const TrainOutcome &outcome) {
    const TrainTimes &times = outcome.times;
    const double waiting = times.all - times.start - times.steps - times.validation - times.checkpoints;
    report.section("Time", outcome.resumed_after > 0
                               ? fmt::format("Since the run was resumed after step {}.", outcome.resumed_after)
                               : "Samples are drawn beside the steps, on threads that these leave free.");
    report.times({{"start: reading, surveys", times.start},
                  {"steps: forward, backward, optimiser", times.steps},
                  {"waiting for samples", std::max(0.0, waiting)},
                  {"validation", times.validation},
                  {"checkpoints", times.checkpoints}},
                 times.all);
}

std::string iou_text(const Classes &truth, const Classes &prediction, int classes) {
    Confusion confusion(classes);
    confusion.add(prediction, truth);
    return confusion.pixels() ? fmt::format(": mean IoU {:.4f}", mean_iou(confusion)) : "";
}

void add_pictures(HtmlReport &report, const TrainOptions &options, const TrainData &data,
                  const PreparedWeights &weights, int most) {
    const bool held_out = !data.split.validation.empty();
    const std::vector<StackPage> &pages = held_out ? data.split.validation : data.split.training;
    const int count = std::min(most, int(pages.size()));
    const Size size = part_size(data, pages);
    const char *gap = data.survey.scheme.kind == LabelKind::instances
                          ? " Truth is as training sees it: cells that touch are parted by a gap."
                          : "";
    report.section(held_out ? "Slices held out" : "Training slices",
                   fmt::format("{} of {} as the saved weights segment them, their middle {} x {} pixels.{}", count,
                               pages.size(), size.width, size.height, gap));
    add_slices(report, data.survey.scheme, count, [&](int i) {
        const StackPage page = pages[size_t(i) * pages.size() / size_t(count)];
        const LazyStack &images = *data.stacks[page.stack].images;
        const Comparison shown = compared_part(weights, data, options.weights, page, middle_of(images.shape(), size));
        return ReportSlice{slice_name(images, page.page) + iou_text(shown.truth, shown.prediction, data.classes()),
                           comparison_panels(shown, data.classes())};
    });
}

void add_best_confusion(HtmlReport &report, const TrainOutcome &outcome, const std::vector<TrainMetrics> &log,
                        const std::vector<std::string> &names) {
    for (const TrainMetrics &line : log)
        if (line.step == outcome.best_step && !line.validation_confusion.empty())
            return add_confusion(report, names, line.validation_confusion,
                                 fmt::format("Pixels of all slices held out at step {}: of each true class, the share "
                                             "that was predicted as each.",
                                             line.step));
}

}  // namespace

void write_train_report(const std::filesystem::path &file, const TrainOptions &options, const TrainData &data,
                        const TrainOutcome &outcome, const std::vector<TrainMetrics> &log,
                        const PreparedWeights &weights, int slices) {
    const std::vector<std::string> names = readable_names(data.survey.scheme);
    const std::string model = std::filesystem::path(options.model).filename().string();
    HtmlReport report("Training of " + model,
                      fmt::format("U-Net of width {} and depth {}, {}", outcome.architecture.width,
                                  outcome.architecture.depth, date_and_time()));
    report.key_figures(key_figures(options, data, outcome, log));
    report.section("Curves");
    std::vector<Chart> charts{loss_chart(log, outcome), iou_chart(log, outcome), class_chart(log, outcome, names),
                              rate_chart(log, outcome), speed_chart(log)};
    for (Chart &chart : charts) chart.x_range = {0, double(outcome.steps)};
    report.charts(charts);
    add_pictures(report, options, data, weights, slices);
    add_best_confusion(report, outcome, log, names);
    report.section("Data");
    report.sentences(data.words());
    report.table(class_table(data, names));
    report.section("Options", "As the model file has them, and the paths.");
    report.facts(option_facts(options, outcome));
    add_times(report, outcome);
    report.section("Machine");
    report.facts(machine_facts());
    write_text(file, report.finish());
}

}  // namespace unet
