// The network against PyTorch's: probabilities, loss, gradients, three steps of SGD.
//
// The references were computed in float64 from float32 weights and samples, so every difference is our own rounding.
#include "src/kernels/kernels.h"
#include "src/net/optimiser.h"
#include "src/net/unet.h"
#include "tests/families.h"
#include "tests/net/reference.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace unet;

namespace {

const auto each_network = [] { return GENERATE(as<std::string>(), "max", "average", "wide"); };

double largest_difference(const std::vector<float> &a, const std::vector<float> &b) {
    REQUIRE(a.size() == b.size());
    REQUIRE(std::all_of(a.begin(), a.end(), [](float value) { return std::isfinite(value); }));
    double largest = 0;
    for (size_t i = 0; i < a.size(); i++) largest = std::max(largest, std::fabs(double(a[i]) - b[i]));
    return largest;
}

double largest_value(const std::vector<float> &values) {
    return largest_difference(values, std::vector<float>(values.size()));
}

/// Share of a gradient tensor's largest element, where cancellation does not blow the quotient up. An element is a sum
/// of up to 54 x 54 products, whose factors went through up to 11 layers: 80 roundings. The transforms of F(4x4, 3x3)
/// make those of a layer larger: by 2.9, 1.5, 1.5 and 2.6 in a row of a tile, so by 8.2 in its worst pixel and 4.4 in
/// the mean (tests/kernels/winograd.h). Half of that is allowed.
constexpr double gradient_tolerance = 2.2 * 80 * std::numeric_limits<float>::epsilon() / 2;

UNet network_for(const test::Reference &reference, const test::ReferenceSample &sample, UNet::Use use) {
    return UNet(reference.model.architecture(), square(sample.image.width), use);
}

}  // namespace

TEST_CASE("probabilities equal PyTorch's to 1e-5", "[definition][reference]") {
    test::Reference reference(each_network());
    const test::UseKernels used(GENERATE(test::each_family()));
    const test::ReferenceSample sample = reference.sample(0);
    UNet net = network_for(reference, sample, UNet::Use::inference);

    const Pixels probabilities = net.segment(reference.model.parameters, sample.image);

    CHECK(probabilities.channels == reference.model.architecture().classes);
    CHECK(probabilities.width == sample.labels.width);
    CHECK(largest_difference(probabilities.values, reference.tensor("probabilities")) <= 1e-5);
}

TEST_CASE("loss and every gradient equal PyTorch's", "[gradient][reference]") {
    test::Reference reference(each_network());
    const test::UseKernels used(GENERATE(test::each_family()));
    const test::ReferenceSample sample = reference.sample(0);
    UNet net = network_for(reference, sample, UNet::Use::training);
    Parameters gradient(reference.model.architecture());
    std::fill_n(gradient.data(), gradient.size(), 7.f);  // must be overwritten

    const double loss =
        net.train(reference.model.parameters, sample.image, sample.labels, sample.weights, {}, gradient);

    CHECK(loss == Approx(reference.tensor("loss")[0]).epsilon(1e-5));
    for (const TensorShape &tensor : gradient.tensors()) {
        const std::vector<float> expected = reference.tensor("gradient." + tensor.name);
        CAPTURE(kernels().name, tensor.name, largest_value(expected));
        CHECK(largest_difference(gradient.get(tensor.name), expected) <= gradient_tolerance * largest_value(expected));
    }
}

TEST_CASE("three steps of SGD with momentum end where PyTorch's do", "[definition][reference]") {
    test::Reference reference(each_network());
    const test::UseKernels used(GENERATE(test::each_family()));
    Parameters parameters = reference.model.parameters;
    Parameters gradient(parameters.architecture());
    Optimiser optimiser(parameters.architecture(),
                        {.method = OptimiserMethod::sgd, .momentum = reference.setting("momentum")});
    UNet net = network_for(reference, reference.sample(0), UNet::Use::training);

    for (int step = 0; step < 3; step++) {
        const test::ReferenceSample sample = reference.sample(step);
        const double loss = net.train(parameters, sample.image, sample.labels, sample.weights, {}, gradient);
        CHECK(loss == Approx(reference.tensor("loss")[step]).epsilon(1e-5));
        optimiser.step(parameters, gradient, reference.setting("learning_rate"));
    }

    for (const TensorShape &tensor : parameters.tensors()) {
        const std::vector<float> start = reference.model.parameters.get(tensor.name);
        const std::vector<float> expected = reference.tensor("trained." + tensor.name);
        // The step is compared, not the weight, which hardly moved; the weight itself is stored rounded.
        const double storage = 2 * std::numeric_limits<float>::epsilon() * largest_value(start);
        CAPTURE(kernels().name, tensor.name, largest_difference(expected, start));
        CHECK(largest_difference(parameters.get(tensor.name), expected) <=
              gradient_tolerance * largest_difference(expected, start) + storage);
    }
}
