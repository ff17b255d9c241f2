#include "pipeline/train_log.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
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
    return line;
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
