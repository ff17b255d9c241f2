#include "pipeline/learning_rate.h"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace unet {

double learning_rate(const LearningRate &rate, int64_t step, int64_t steps) {
    const int64_t rise = std::min(rate.warm_up, steps / 10);
    if (step < rise) return rate.base * double(step + 1) / double(rise);
    const double t = double(step - rise) / double(std::max<int64_t>(steps - rise, 1));
    switch (rate.schedule) {
    case RateSchedule::constant: return rate.base;
    case RateSchedule::cosine: return rate.base * (1 + std::cos(std::numbers::pi * t)) / 2;
    case RateSchedule::polynomial: return rate.base * std::pow(1 - t, 0.9);
    }
    return rate.base;
}

}  // namespace unet
