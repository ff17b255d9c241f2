#include "pipeline/provenance.h"
#include "generated/version.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

std::map<std::string, std::string> provenance(const TrainOptions &options, const TrainData &data, int64_t steps,
                                              int input) {
    constexpr const char *schedules[] = {"constant", "cosine", "polynomial"};
    const std::string slices =
        options.slices ? fmt::format("{}:{}", options.slices->first, options.slices->second) : "all";
    return {{"unetflow", version},
            {"z", slices},
            {"steps", std::to_string(steps)},
            {"batch", std::to_string(options.batch)},
            {"tile", std::to_string(input)},
            {"learning-rate", fmt::format("{}", options.rate.base)},
            {"schedule", schedules[int(options.rate.schedule)]},
            {"warm-up", std::to_string(options.rate.warm_up)},
            {"optimiser", options.optimiser.method == OptimiserMethod::adam
                              ? "adam"
                              : fmt::format("sgd, momentum {}", options.optimiser.momentum)},
            {"dropout", fmt::format("{}", options.dropout)},
            {"seed", std::to_string(options.seed)},
            {"gray-variation", fmt::format("{}", options.gray_variation)},
            {"flips", options.flips ? "yes" : "no"},
            {"validation", fmt::format("{}", options.validation)},
            {"class-weights", options.class_weights == ClassWeights::balance ? "balance" : "none"},
            {"label-kind", kind_name(data.survey.scheme.kind)},
            {"class-pixels", fmt::format("{}", fmt::join(data.survey.class_pixels, " "))}};
}

}  // namespace unet
