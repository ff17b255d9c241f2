#include "pipeline/evaluate_regions.h"
#include "pipeline/companions.h"
#include "pipeline/evaluate_prediction.h"
#include "pipeline/probability.h"
#include "src/base/error.h"
#include "src/sample/pairing.h"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace unet {

namespace {

using nlohmann::ordered_json;

constexpr int64_t largest_page = int64_t(1) << 27;

/// One value per threshold, the mean over the slices that have any.
std::vector<double> mean_curve(const RegionReport &report, std::vector<double> PartingScores::*curve) {
    std::vector<double> sums(report.thresholds.size());
    double slices = 0;
    for (const RegionScores &slice : report.slices) {
        if (!slice.parting) continue;
        slices++;
        for (size_t t = 0; t < sums.size(); t++) sums[t] += (*slice.parting.*curve)[t];
    }
    if (slices == 0) return {};
    for (double &sum : sums) sum /= slices;
    return sums;
}

struct Best {
    double value = 0;
    size_t threshold = 0;
};

Best found_at(const std::vector<double> &curve, std::vector<double>::const_iterator at) {
    return {*at, size_t(at - curve.begin())};
}

std::optional<Best> best_of(const std::vector<double> &curve) {
    if (curve.empty()) return {};
    return found_at(curve, std::max_element(curve.begin(), curve.end()));
}

std::optional<Best> least_of(const std::vector<double> &curve) {
    if (curve.empty()) return {};
    return found_at(curve, std::min_element(curve.begin(), curve.end()));
}

std::optional<double> mean_of(const RegionReport &report, double PartitionScores::*score) {
    double sum = 0, slices = 0;
    for (const RegionScores &slice : report.slices)
        if (slice.partition) sum += *slice.partition.*score, slices++;
    if (slices == 0) return {};
    return sum / slices;
}

void put(ordered_json &to, const char *key, const std::optional<double> &value) {
    if (value) to[key] = *value;
}

void add_objects(ordered_json &to, const ObjectMatch &objects) {
    put(to, "seg", objects.seg());
    ordered_json ap = ordered_json::object();
    for (int percent = 50; percent < 100; percent += 5)
        if (const auto value = objects.average_precision(percent / 100.0)) ap[fmt::format("0.{}", percent)] = *value;
    if (!ap.empty()) to["ap"] = ap;
    put(to, "f1", objects.f1());
    put(to, "pq", objects.panoptic_quality());
}

/// 1 - the probability of the border class.
Pixels inside_of(const LazyStack &probabilities, int page, int border) {
    if (probabilities.shape().samples == 1)
        throw Error(Exit::data, probabilities.name() +
                                    ": has one plane, probabilities have one for each class; give what "
                                    "`unetflow segment --emit probabilities` wrote");
    Pixels inside = probability_of(probabilities, page, border);
    for (float &p : inside.values) p = 1 - p;
    return inside;
}

Pixels inside_of(const Classes &classes, int border) {
    Pixels inside(1, classes.width, classes.height);
    for (size_t i = 0; i < inside.values.size(); i++) inside.values[i] = classes.values[i] != border;
    return inside;
}

bool too_large(const std::vector<LabelledStack> &pairs) {
    return std::any_of(pairs.begin(), pairs.end(), [](const LabelledStack &pair) {
        return int64_t(pair.images->shape().width) * pair.images->shape().height > largest_page;
    });
}

}  // namespace

RegionReport score_regions(const std::vector<LabelledStack> &pairs, const LabelScheme &scheme,
                           const EvaluateOptions &options) {
    RegionReport report;
    if (too_large(pairs)) return report;
    const std::vector<StackPtr> probabilities =
                                    companions(options.probabilities, pairs, options.slices, "probabilities"),
                                instances = companions(options.instances, pairs, options.slices, "instances");
    if (probabilities.empty()) report.thresholds = {0.5};
    else
        for (int tenth = 0; tenth < 10; tenth++) report.thresholds.push_back(tenth / 10.0);
    for (size_t i = 0; i < pairs.size(); i++) {
        const StackShape &shape = pairs[i].images->shape();
        const Rect whole{0, 0, shape.width, shape.height};
        for (int page = 0; page < shape.pages; page++) {
            const Classes classes = predicted_classes(*pairs[i].images, page, whole, options);
            report.slices.push_back(region_scores(pairs[i].labels->read_ids(page, whole), scheme, options.border_class,
                                                  instances.empty() ? predicted_objects(classes, options.border_class)
                                                                    : instances[i]->read_ids(page, whole),
                                                  probabilities.empty()
                                                      ? inside_of(classes, options.border_class)
                                                      : inside_of(*probabilities[i], page, options.border_class),
                                                  report.thresholds));
        }
    }
    return report;
}

void RegionReport::add_total(ordered_json &to) const {
    if (const auto best = best_of(mean_curve(*this, &PartingScores::v_rand))) to["v_rand"] = best->value;
    if (const auto best = best_of(mean_curve(*this, &PartingScores::v_info))) to["v_info"] = best->value;
    if (const auto value = mean_of(*this, &PartitionScores::v_rand)) to["arand"] = 1 - *value;
    put(to, "voi_split", mean_of(*this, &PartitionScores::voi_split));
    put(to, "voi_merge", mean_of(*this, &PartitionScores::voi_merge));
    if (const auto best = best_of(mean_curve(*this, &PartingScores::rand))) to["rand_error"] = 1 - best->value;
    if (const auto least = least_of(mean_curve(*this, &PartingScores::warping_error)))
        to["warping_error"] = least->value;
    ObjectMatch objects;
    for (const RegionScores &slice : slices) objects.add(slice.objects);
    add_objects(to, objects);
}

void RegionReport::add_slice(size_t index, ordered_json &to) const {
    if (index >= slices.size()) return;
    const RegionScores &slice = slices[index];
    const auto at_best = [&](const char *key, std::vector<double> PartingScores::*curve) {
        if (slice.parting) to[key] = (*slice.parting.*curve)[best_of(mean_curve(*this, curve))->threshold];
    };
    at_best("v_rand", &PartingScores::v_rand);
    at_best("v_info", &PartingScores::v_info);
    if (slice.partition) {
        to["arand"] = 1 - slice.partition->v_rand;
        to["voi_split"] = slice.partition->voi_split;
        to["voi_merge"] = slice.partition->voi_merge;
    }
    if (slice.parting) {
        at_best("rand_error", &PartingScores::rand);
        to["rand_error"] = 1 - to["rand_error"].get<double>();
        to["warping_error"] =
            slice.parting->warping_error[least_of(mean_curve(*this, &PartingScores::warping_error))->threshold];
    }
    add_objects(to, slice.objects);
}

std::string RegionReport::text() const {
    ordered_json total;
    add_total(total);
    if (total.contains("ap")) total["ap@0.5"] = total["ap"]["0.50"];
    const auto line = [&](std::string text, std::initializer_list<std::pair<const char *, const char *>> names) {
        const size_t begin = text.size();
        for (const auto &[name, key] : names) {
            const int digits = key == std::string_view("warping_error") ? 6 : 4;
            if (total.contains(key)) text += fmt::format("  {} {:.{}f}", name, total[key].get<double>(), digits);
        }
        return text.size() == begin ? std::string() : text + "\n";
    };
    return line("regions", {{"V_rand", "v_rand"},
                            {"V_info", "v_info"},
                            {"Rand error", "rand_error"},
                            {"warping error", "warping_error"},
                            {"ARAND", "arand"},
                            {"VOI split", "voi_split"},
                            {"VOI merge", "voi_merge"}}) +
           line("objects", {{"SEG", "seg"}, {"AP@0.5", "ap@0.5"}, {"F1", "f1"}, {"PQ", "pq"}});
}

}  // namespace unet
