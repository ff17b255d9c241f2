#include "pipeline/provenance.h"
#include "generated/version.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace {

std::string weights_text(const WeightOptions &weights) {
    constexpr const char *forms[] = {"paper", "freiburg", "none"};
    const std::string form = forms[int(weights.form)];
    if (weights.form == WeightForm::none) return form;
    return fmt::format("{}, border {}, sigma {}", form, weights.border_weight(), weights.border_sigma());
}

std::string optimiser_text(const OptimiserOptions &optimiser) {
    const std::string clip =
        optimiser.largest_gradient > 0 ? fmt::format(", gradient up to {}", optimiser.largest_gradient) : "";
    switch (optimiser.method) {
    case OptimiserMethod::sgd: return fmt::format("sgd, momentum {}", optimiser.momentum) + clip;
    case OptimiserMethod::adamw: return fmt::format("adamw, weight decay {}", optimiser.weight_decay) + clip;
    default: return "adam" + clip;
    }
}

std::string loss_text(const LossOptions &loss) {
    constexpr const char *forms[] = {"cross-entropy", "focal", "dice", "cross-entropy+dice"};
    const std::string form = forms[int(loss.form)];
    return loss.form == LossForm::focal ? fmt::format("{}, focus {}", form, loss.focus) : form;
}

std::string augment_text(const AugmentOptions &augment) {
    const DeformationOptions &shape = augment.deformation;
    const GrayOptions &gray = augment.gray;
    return fmt::format(
        "flips {}, rotation {}, scale {}, elastic {} of {} x {}, gray {}, blur {}, noise {}, {}, faults {}",
        shape.flips_and_turns ? "yes" : "no", shape.rotation, shape.scale, shape.elastic, shape.nodes, shape.nodes,
        gray.variation, gray.blur, gray.noise, augment.cubic ? "cubic" : "linear", augment.em_faults);
}

}  // namespace

Provenance provenance(const TrainOptions &options, const TrainPlan &plan, int input) {
    constexpr const char *schedules[] = {"constant", "cosine", "polynomial"};
    const std::string slices =
        options.slices ? fmt::format("{}:{}", options.slices->first, options.slices->second) : "all";
    Provenance all{{"unetflow", version},
                   {"z", slices},
                   {"steps", std::to_string(plan.steps)},
                   {"batch", std::to_string(options.batch)},
                   {"tile", std::to_string(input)},
                   {"learning-rate", fmt::format("{}", options.rate.base)},
                   {"schedule", schedules[int(options.rate.schedule)]},
                   {"warm-up", std::to_string(options.rate.warm_up)},
                   {"loss", loss_text(options.loss)},
                   {"optimiser", optimiser_text(options.optimiser)},
                   {"freeze-encoder", options.freeze_encoder ? "yes" : "no"},
                   {"patience", std::to_string(options.patience)},
                   {"dropout", fmt::format("{}", options.dropout)},
                   {"seed", std::to_string(options.seed)},
                   {"ignore-label", options.ignore_label ? std::to_string(*options.ignore_label) : "none"},
                   {"field-of-interest", fmt::format("{}", options.field_of_interest)},
                   {"foreground-share", fmt::format("{}", options.foreground_share)},
                   {"weights", weights_text(options.weights)},
                   {"augmentation", augment_text(options.augment)},
                   {"validation", fmt::format("{}", options.validation)},
                   {"shares", fmt::format("{}", fmt::join(options.shares, ","))},
                   {"validate-every", std::to_string(plan.validation_interval)},
                   {"class-weights", options.class_weights == ClassWeights::balance ? "balance" : "none"}};
    const ImageChoice &choice = options.choice;
    if (!choice.channels.empty()) all["channels"] = fmt::format("{}", fmt::join(choice.channels, ","));
    if (choice.series) all["series"] = std::to_string(*choice.series);
    return all;
}

Provenance provenance(const TrainData &data) {
    return {{"validation-by", split_name(data.split_by)},
            {"label-kind", kind_name(data.survey.scheme.kind)},
            {"class-pixels", fmt::format("{}", fmt::join(data.survey.class_pixels, " "))}};
}

std::string split_name(SplitBy by) { return by == SplitBy::blocks ? "blocks" : "slices"; }

std::string limit_text(const TrainOptions &options) {
    return options.time_limit_seconds ? fmt::format("{} s", *options.time_limit_seconds) : "";
}

}  // namespace unet
