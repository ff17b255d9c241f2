#include "pipeline/train_log.h"
#include "src/base/error.h"
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
    return line;
}

}  // namespace

TrainLog::TrainLog(std::filesystem::path path) : path_(std::move(path)), file_(path_) {
    if (!file_)
        throw Error(Exit::cannot_create, path_.string() + ": cannot be created; check the folder and its permissions");
}

void TrainLog::write(const TrainMetrics &metrics) {
    file_ << to_json(metrics).dump() << '\n' << std::flush;
    if (!file_) throw Error(Exit::io, path_.string() + ": writing failed; is the disk full?");
}

}  // namespace unet
