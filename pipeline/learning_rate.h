// How the learning rate changes over a training run.
#pragma once
#include <cstdint>

namespace unet {

enum class RateSchedule { constant, cosine, polynomial };

struct LearningRate {
    double base = 1e-3;
    RateSchedule schedule = RateSchedule::cosine;
    int64_t warm_up = 50;  ///< steps over which the rate rises to its base; never more than a tenth of the run
};

/// Learning rate of step `step` (from 0) of `steps`: a linear rise, then base times 1, (1 + cos(pi t)) / 2 or (1 -
/// t)^0.9, where t runs from 0 to 1 over the steps after the rise. Source: Loshchilov, Hutter 2017 (cosine); Chen et
/// al. 2018, DeepLab (polynomial).
double learning_rate(const LearningRate &rate, int64_t step, int64_t steps);

}  // namespace unet
