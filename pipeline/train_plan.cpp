#include "pipeline/train_plan.h"
#include <algorithm>
#include <cmath>

namespace unet {

namespace {

constexpr int64_t validations = 10;
constexpr double reserve = 0.04, validation_share = 0.125;  // of the time

int64_t interval_of(int64_t steps, int64_t times) { return std::max<int64_t>(1, (steps + times - 1) / times); }

}  // namespace

TrainPlan plan_steps(int64_t steps, int64_t interval) {
    return {steps, interval > 0 ? interval : interval_of(steps, validations)};
}

TrainPlan plan_time(double seconds, const TrainCost &cost, int64_t interval) {
    const double usable = seconds * (1 - reserve) - cost.report;
    if (interval > 0) {
        const double per_step = cost.step + cost.validation / double(interval);
        return {std::max<int64_t>(1, int64_t((usable - cost.validation) / per_step)), interval};
    }
    const double affordable = cost.validation > 0 ? seconds * validation_share / cost.validation : validations;
    const int64_t times = std::clamp<int64_t>(int64_t(affordable), 1, validations);
    const auto steps = std::max<int64_t>(1, int64_t((usable - double(times) * cost.validation) / cost.step));
    return {steps, interval_of(steps, times)};
}

}  // namespace unet
