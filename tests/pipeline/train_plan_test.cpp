#include "pipeline/learning_rate.h"
#include "pipeline/train_plan.h"
#include <catch2/catch.hpp>

using namespace unet;

TEST_CASE("the learning rate rises to its base and falls as the schedule says", "[definition][train]") {
    const RateSchedule schedule = GENERATE(RateSchedule::constant, RateSchedule::cosine, RateSchedule::polynomial);
    const LearningRate rate{0.5, schedule, 20};
    CHECK(learning_rate(rate, 0, 1000) == Approx(0.5 / 20));
    CHECK(learning_rate(rate, 19, 1000) == Approx(0.5));
    CHECK(learning_rate(rate, 20, 1000) == Approx(0.5));
    double before = 0.5;
    for (int step = 21; step < 1000; step++) {
        const double now = learning_rate(rate, step, 1000);
        CHECK(now <= before);
        CHECK(now > 0);
        before = now;
    }
    const double half = learning_rate(rate, 510, 1000);
    if (schedule == RateSchedule::constant) CHECK(half == 0.5);
    if (schedule == RateSchedule::cosine) CHECK(half == Approx(0.25));
    if (schedule == RateSchedule::polynomial) CHECK(half == Approx(0.5 * std::pow(0.5, 0.9)));
}

TEST_CASE("short runs have a short rise, and a single step has a rate", "[definition][train]") {
    const LearningRate rate{1, RateSchedule::cosine, 50};
    CHECK(learning_rate(rate, 0, 1) == 1);
    CHECK(learning_rate(rate, 1, 20) == 1);
    CHECK(learning_rate({1, RateSchedule::constant, 0}, 0, 100) == 1);
}

TEST_CASE("a time limit becomes steps that fit, with time for validation", "[definition][train]") {
    const auto [limit, step, validation] =
        GENERATE(table<double, double, double>({{60, 0.1, 1}, {1200, 0.5, 30}, {3600, 0.01, 0}, {10, 0.2, 100}}));
    CAPTURE(limit, step, validation);
    const TrainPlan plan = plan_time(limit, {step, validation}, 0);
    const int64_t validations = (plan.steps + plan.validation_interval - 1) / plan.validation_interval;
    CHECK(plan.steps >= 1);
    CHECK(validations <= 10);
    if (validation < limit / 4) {
        CHECK(double(plan.steps) * step + double(validations) * validation <= limit);
        CHECK(double(plan.steps) * step >= 0.8 * limit);
    }
}

TEST_CASE("steps that are given are kept", "[definition][train]") {
    CHECK(plan_steps(1000, 0).steps == 1000);
    CHECK(plan_steps(1000, 0).validation_interval == 100);
    CHECK(plan_steps(5, 0).validation_interval == 1);
    CHECK(plan_steps(1000, 7).validation_interval == 7);
    CHECK(plan_time(100, {0.1, 1}, 50).validation_interval == 50);
}
