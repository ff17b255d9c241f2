#include "pipeline/evaluate_prediction.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/score/confusion.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

bool objects_alone(const EvaluateOptions &options) { return options.prediction.empty(); }

}  // namespace

std::vector<std::filesystem::path> files_of_prediction(const EvaluateOptions &options) {
    if (!objects_alone(options)) return expand_paths(options.prediction);
    if (options.instances.empty())
        throw Error(Exit::usage, "--prediction: is missing; give class maps, or objects by --instances");
    return expand_paths(options.instances);
}

void check_classes(const LabelScheme &truth, const EvaluateOptions &options) {
    if (objects_alone(options) && truth.classes() > 2)
        throw Error(Exit::usage, fmt::format("--instances: objects alone are of one class, but truth has {} besides 0; "
                                             "give class maps by --prediction",
                                             truth.classes() - 1));
}

Classes predicted_classes(const LazyStack &prediction, int page, Rect area, const EvaluateOptions &options) {
    Ids ids = prediction.read_ids(page, area);
    if (objects_alone(options))
        for (uint32_t &id : ids.values) id = std::min<uint32_t>(id, 1);
    return class_map(ids);
}

}  // namespace unet
