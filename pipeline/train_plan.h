// How many steps a training run takes, and when it validates.
#pragma once
#include <cstdint>

namespace unet {

struct TrainPlan {
    int64_t steps = 1;
    int64_t validation_interval = 1;  ///< steps; the last step always validates
};

/// For a given number of steps: `interval` 0 means ten validations.
TrainPlan plan_steps(int64_t steps, int64_t interval);

/// What a run costs, in seconds.
struct TrainCost {
    double step = 0, validation = 0;
    double report = 0;  ///< once, at the end
};

/// As many steps as fit into `seconds`, a few percent kept in reserve. `interval` 0 means at most ten validations, in
/// at most an eighth of the time. At least one step.
TrainPlan plan_time(double seconds, const TrainCost &cost, int64_t interval);

}  // namespace unet
