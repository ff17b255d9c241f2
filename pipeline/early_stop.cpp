#include "pipeline/early_stop.h"
#include "src/base/error.h"
#include <fmt/format.h>

namespace unet {

namespace {

constexpr int most_one_class = 4;  // validations in a row with one class alone, before training gives up

}  // namespace

void watch_collapse(const Confusion &confusion, int64_t steps_done, TrainProgress &progress) {
    const std::optional<int> only = confusion.only_class();
    progress.one_class = only ? progress.one_class + 1 : 0;
    if (progress.one_class < most_one_class) return;
    throw Error(Exit::data,
                fmt::format("train: after {} steps the network predicts class {} alone, in {} validations in "
                            "a row; check the labels with `unetflow check`, lower --learning-rate, or weigh "
                            "rare classes with --class-weights balance",
                            steps_done, *only, most_one_class));
}

bool out_of_patience(const TrainProgress &progress, int64_t steps_done, int patience) {
    const int64_t waited = steps_done - progress.best_step;
    return patience > 0 && progress.best_step > 0 && waited >= patience * progress.plan.validation_interval;
}

}  // namespace unet
