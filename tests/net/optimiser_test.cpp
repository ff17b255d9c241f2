#include "src/net/optimiser.h"
#include "tests/families.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

using Values = std::vector<float>;

/// Where a start of (1, -2) lies after each of three steps along given gradients.
std::vector<Values> walk(Optimiser &optimiser, const Architecture &architecture) {
    Parameters parameters(architecture), gradient(architecture);
    parameters.set("head.bias", {1, -2});
    std::vector<Values> way;
    for (const Values &g : {Values{0.5f, -3}, Values{-0.25f, 1}, Values{0.125f, 1e-6f}}) {
        gradient.set("head.bias", g);
        optimiser.step(parameters, gradient, 0.1);
        way.push_back(parameters.get("head.bias"));
    }
    return way;
}

}  // namespace

TEST_CASE("optimisers walk where PyTorch's do, and again after a reset", "[definition][optimiser]") {
    // torch.optim.Adam(lr=0.1), AdamW(lr=0.1, weight_decay=0.2), SGD(lr=0.1, momentum=0.9), PyTorch 2.15 in float64.
    const auto [method, expected] = GENERATE(table<OptimiserMethod, std::vector<std::pair<double, double>>>({
        {OptimiserMethod::adam,
         {{0.9000000020, -1.9000000003}, {0.8733662987, -1.8599781433}, {0.8393233849, -1.8290411521}}},
        {OptimiserMethod::adamw,
         {{0.8800000020, -1.8600000003}, {0.8357662987, -1.7827781433}, {0.7850080589, -1.7161855892}}},
        {OptimiserMethod::sgd, {{0.95, -1.7}, {0.93, -1.53}, {0.8995, -1.3770001}}},
    }));
    const test::UseKernels used(GENERATE(test::each_family()));
    const Architecture architecture{.width = 1, .depth = 0};
    Optimiser optimiser(architecture, {.method = method, .momentum = 0.9, .weight_decay = 0.2});
    for (int run = 0; run < 2; run++) {
        const std::vector<Values> way = walk(optimiser, architecture);
        for (size_t step = 0; step < way.size(); step++) {
            CHECK(way[step][0] == Approx(expected[step].first).epsilon(1e-6));
            CHECK(way[step][1] == Approx(expected[step].second).epsilon(1e-6));
        }
        optimiser.reset();
    }
}

TEST_CASE("a gradient that is too large is scaled down, as PyTorch's clip_grad_norm_ does", "[definition][optimiser]") {
    const Architecture architecture{.width = 1, .depth = 0};
    Optimiser optimiser(architecture, {.method = OptimiserMethod::sgd, .momentum = 0.9, .largest_gradient = 1});
    const std::pair<double, double> expected[] = {
        {0.9835601013, -1.9013606076}, {0.9930177549, -1.9095994045}, {0.9890296432, -1.9170144217}};
    const std::vector<Values> way = walk(optimiser, architecture);
    for (size_t step = 0; step < way.size(); step++) {
        CHECK(way[step][0] == Approx(expected[step].first).epsilon(1e-6));
        CHECK(way[step][1] == Approx(expected[step].second).epsilon(1e-6));
    }
}

TEST_CASE("an optimiser that resumes from its memory walks on as if it had never stopped", "[repeat][optimiser]") {
    const Architecture architecture{.width = 1, .depth = 0};
    const auto method = GENERATE(OptimiserMethod::sgd, OptimiserMethod::adam, OptimiserMethod::adamw);
    Optimiser one(architecture, {.method = method}), other(architecture, {.method = method});
    Parameters parameters(architecture), gradient(architecture);
    for (int step = 0; step < 6; step++) {
        gradient.set("head.bias", {0.5f - float(step), 2});
        if (step == 3) {
            const ParameterSets from = one.memory(), to = other.memory();
            for (const auto &[name, values] : from) *to.at(name) = *values;
            other.resume(3);
        }
        if (step >= 3) {
            Parameters copy = parameters;
            other.step(copy, gradient, 0.1);
            one.step(parameters, gradient, 0.1);
            CHECK(copy.get("head.bias") == parameters.get("head.bias"));
        } else one.step(parameters, gradient, 0.1);
    }
}
