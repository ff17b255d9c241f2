#include "src/net/fine_tuning.h"
#include <catch2/catch.hpp>
#include <set>

using namespace unet;

TEST_CASE("weights that fit are copied, the first layer and the head are left where they do not",
          "[definition][fine_tuning]") {
    const auto [channels, classes, others] = GENERATE(
        table<int, int, std::set<std::string>>({{1, 2, {}},
                                                {1, 3, {"head.weight", "head.bias"}},
                                                {3, 2, {"encoder.0.conv1.weight"}},
                                                {3, 5, {"encoder.0.conv1.weight", "head.weight", "head.bias"}}}));
    const std::set<std::string> expected = others;
    Parameters from({.channels = 1, .classes = 2, .width = 5, .depth = 2}),
        to({.channels = channels, .classes = classes, .width = 5, .depth = 2});
    he_initialise(from, 1), he_initialise(to, 2);
    Parameters before = to;

    const std::vector<std::string> left = copy_fitting(from, to);

    CHECK(std::set<std::string>(left.begin(), left.end()) == expected);
    for (const TensorShape &tensor : to.tensors())
        CHECK(to.get(tensor.name) == (expected.count(tensor.name) ? before : from).get(tensor.name));
}

TEST_CASE("the floats of the encoder are those of its tensors", "[definition][fine_tuning]") {
    const Architecture architecture{.width = 5, .depth = 3};
    Parameters parameters(architecture);
    std::fill_n(parameters.data(), encoder_floats(parameters.layout()), 1.0f);
    for (const TensorShape &tensor : parameters.tensors()) {
        const bool of_encoder = tensor.name.starts_with("encoder.");
        CHECK(parameters.get(tensor.name) == std::vector<float>(tensor.count(), of_encoder ? 1.0f : 0.0f));
    }
}
