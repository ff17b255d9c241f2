#include "src/net/model.h"
#include "src/net/safetensors.h"
#include "tests/net/test_models.h"
#include "tests/temporary_folder.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace unet;

namespace {

const std::filesystem::path python_model = "tests/data/net/average.model.safetensors";

void check_equal(const Model &a, const Model &b) {
    CHECK(a.architecture() == b.architecture());
    CHECK(a.normalisation == b.normalisation);
    CHECK(a.class_names == b.class_names);
    CHECK(a.provenance == b.provenance);
    for (const TensorShape &tensor : a.parameters.tensors()) {
        CAPTURE(tensor.name);
        CHECK(a.parameters.get(tensor.name) == b.parameters.get(tensor.name));
    }
}

}  // namespace

TEST_CASE("a model file gives back what was saved", "[definition][model]") {
    const auto architecture =
        GENERATE(Architecture{1, 2, 4, 2, Pooling::max}, Architecture{3, 5, 5, 1, Pooling::average},
                 Architecture{2, 255, 1, 3, Pooling::max});
    CAPTURE(architecture.channels, architecture.width, architecture.depth);
    const test::TemporaryFolder folder;
    Model model = test::random_model(architecture, 1);
    model.class_names[1] = "Zellwand \"äußere\", 膜";
    model.provenance["note"] = "two\nlines";

    save_model(folder / "model.safetensors", model);

    check_equal(load_model(folder / "model.safetensors"), model);
}

TEST_CASE("normalisation limits of any size come back to the last bit", "[definition][model]") {
    const auto [low, high] =
        GENERATE(table<float, float>({{0.f, 255.f}, {-1e-30f, 1e-45f}, {0.1f, 16777217.f}, {-3e38f, 3.4e38f}}));
    const test::TemporaryFolder folder;
    Model model = test::random_model({1, 2, 1, 1, Pooling::max}, 1);
    model.normalisation = {{low}, {high}};

    save_model(folder / "model.safetensors", model);

    CHECK(load_model(folder / "model.safetensors").normalisation == model.normalisation);
}

TEST_CASE("a model says whether pages are normalised by themselves", "[definition][model]") {
    const test::TemporaryFolder folder;
    Model model = test::random_model({1, 2, 1, 1, Pooling::max}, 1);
    model.normalisation.by_page = GENERATE(true, false);

    save_model(folder / "model.safetensors", model);

    CHECK(load_model(folder / "model.safetensors").normalisation == model.normalisation);
}

TEST_CASE("a model written by Python's safetensors loads", "[definition][model]") {
    const Model model = load_model(python_model);

    CHECK(model.architecture() == Architecture{3, 3, 5, 2, Pooling::average});
    CHECK(model.normalisation ==
          Normalisation{{0.f, 0.1f, 0.2f}, {float(1 / 3.), float(0.1 + 1 / 3.), float(0.2 + 1 / 3.)}});
    CHECK(model.class_names == std::vector<std::string>{"class 0", "class 1", "class 2"});
    CHECK(model.provenance.at("made by") == "tools/make_reference.py");
    SafetensorsReader file(python_model);
    CHECK(model.parameters.get("decoder.1.up.weight") == file.read("decoder.1.up.weight"));
}

TEST_CASE("the paper's network has 31 million weights under PyTorch's names", "[definition][model]") {
    const std::vector<TensorShape> tensors = ParameterLayout(Architecture()).tensors();

    size_t weights = 0;
    for (const TensorShape &tensor : tensors) weights += tensor.count();
    CHECK(weights == 31030658);
    const auto has = [&](const TensorShape &tensor) {
        return std::find(tensors.begin(), tensors.end(), tensor) != tensors.end();
    };
    CHECK(has({"encoder.0.conv1.weight", {64, 1, 3, 3}}));
    CHECK(has({"bottom.conv2.weight", {1024, 1024, 3, 3}}));
    CHECK(has({"decoder.3.up.weight", {1024, 512, 2, 2}}));
    CHECK(has({"decoder.3.conv1.weight", {512, 1024, 3, 3}}));
    CHECK(has({"head.bias", {2}}));
    CHECK(tensors.size() == 46);
}

TEST_CASE("the hash of a model changes with what decides pixels only", "[definition][model]") {
    const auto fresh = [] { return test::random_model({1, 2, 3, 1, Pooling::max}, 1); };
    const std::string hash = model_hash(fresh());
    Model model = fresh();

    SECTION("provenance and class names do not count") {
        model.provenance["steps"] = "8";
        model.class_names[0] = "other";
        CHECK(model_hash(model) == hash);
    }
    SECTION("one weight") {
        std::vector<float> bias = model.parameters.get("head.bias");
        bias[1] = std::nextafter(bias[1], 2.f);
        model.parameters.set("head.bias", bias);
        CHECK(model_hash(model) != hash);
    }
    SECTION("normalisation") {
        model.normalisation.high[0] = std::nextafter(model.normalisation.high[0], 2.f);
        CHECK(model_hash(model) != hash);
    }
    SECTION("normalisation by pages") {
        model.normalisation.by_page = true;
        CHECK(model_hash(model) != hash);
    }
    SECTION("pooling") { CHECK(model_hash(test::random_model({1, 2, 3, 1, Pooling::average}, 1)) != hash); }
    SECTION("it is XXH3-128 in hexadecimal, the same in every version") {
        CHECK(model_hash(load_model(python_model)) == "f8a9924565c1283db933427707dab06b");
    }
}

TEST_CASE("the same model gives the same bytes, its data 8-byte aligned", "[repeat][model]") {
    const test::TemporaryFolder folder;
    const Architecture architecture{3, 3, 5, 2, Pooling::max};
    save_model(folder / "a", test::random_model(architecture, 5));
    save_model(folder / "b", test::random_model(architecture, 5));

    const std::string bytes = test::bytes_of_file(folder / "a");

    CHECK(bytes == test::bytes_of_file(folder / "b"));
    CHECK(uint64_t(bytes[0]) % 8 == 0);
    CHECK_FALSE(std::filesystem::exists(folder / "a.part"));
    save_model(folder / "c", load_model(folder / "a"));
    CHECK(bytes == test::bytes_of_file(folder / "c"));
}
