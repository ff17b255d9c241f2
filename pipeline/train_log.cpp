#include "pipeline/train_log.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace unet {

namespace {

nlohmann::ordered_json to_json(const TrainMetrics &metrics) {
    nlohmann::ordered_json line{{"step", metrics.step},
                                {"loss", metrics.loss},
                                {"learning_rate", metrics.learning_rate},
                                {"samples_per_second", metrics.samples_per_second}};
    if (metrics.validation_iou) line["validation_iou"] = *metrics.validation_iou;
    for (size_t c = 0; c < metrics.validation_class_iou.size(); c++)
        if (const auto iou = metrics.validation_class_iou[c]) line["validation_class_iou"][std::to_string(c)] = *iou;
    if (metrics.validation_pq) line["validation_pq"] = *metrics.validation_pq;
    if (!metrics.validation_confusion.empty()) line["validation_confusion"] = metrics.validation_confusion;
    if (metrics.training_iou) line["training_iou"] = *metrics.training_iou;
    return line;
}

std::optional<double> number(const nlohmann::json &line, const char *key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

// Throws where a value is of another kind than to_json writes.
TrainMetrics from_json(const nlohmann::json &line) {
    TrainMetrics metrics;
    metrics.step = line.at("step").get<int64_t>();
    metrics.loss = number(line, "loss").value_or(0);
    metrics.learning_rate = number(line, "learning_rate").value_or(0);
    metrics.samples_per_second = number(line, "samples_per_second").value_or(0);
    metrics.validation_iou = number(line, "validation_iou");
    const auto class_iou = line.value("validation_class_iou", nlohmann::json::object());
    for (const auto &[name, iou] : class_iou.items()) {
        const auto c = size_t(std::min(std::stoul(name), 254ul));  // as many classes as there can be
        metrics.validation_class_iou.resize(std::max(metrics.validation_class_iou.size(), c + 1));
        metrics.validation_class_iou[c] = iou.get<double>();
    }
    metrics.validation_pq = number(line, "validation_pq");
    metrics.validation_confusion = line.value("validation_confusion", metrics.validation_confusion);
    metrics.training_iou = number(line, "training_iou");
    return metrics;
}

// Lines of an older log up to a step; one that was cut off is left out.
std::string lines_until(const std::filesystem::path &path, int64_t step) {
    std::string kept;
    std::ifstream file(path);
    for (std::string line; step > 0 && std::getline(file, line);) {
        const auto parsed = nlohmann::json::parse(line, nullptr, false);
        if (parsed.is_object() && parsed.value("step", step + 1) <= step) kept += line + "\n";
    }
    return kept;
}

}  // namespace

std::vector<TrainMetrics> read_log(const std::filesystem::path &path) {
    std::vector<TrainMetrics> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        try {
            lines.push_back(from_json(nlohmann::json::parse(line)));
        } catch (const std::exception &) {  // cut off, or not ours
        }
    }
    return lines;
}

TrainLog::TrainLog(std::filesystem::path path, int64_t kept_steps) : path_(std::move(path)) {
    write_text(path_, lines_until(path_, kept_steps));
    file_.open(path_, std::ios::app);
    if (!file_)
        throw Error(Exit::cannot_create, path_.string() + ": cannot be created; check the folder and its permissions");
}

void TrainLog::write(const TrainMetrics &metrics) {
    file_ << to_json(metrics).dump() << '\n' << std::flush;
    if (!file_) throw Error(Exit::io, path_.string() + ": writing failed; is the disk full?");
}

}  // namespace unet
