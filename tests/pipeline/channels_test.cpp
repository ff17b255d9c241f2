// Channels and neighbouring slices, from the command line to the pixels.
#include "tests/pipeline/small_world.h"
#include <catch2/catch.hpp>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

constexpr Architecture colour_net{.channels = 3, .classes = 2, .width = 4, .depth = 1, .pooling = Pooling::max};

/// Texture in slices of one channel, and models that see three channels or three slices with the same weights.
struct Slices {
    static constexpr int count = 4, width = 61, height = 47;
    test::TemporaryFolder folder;
    std::vector<Array<uint8_t>> pages;

    Slices() {
        for (int z = 0; z < count; z++) pages.push_back(test::texture(width, height, 7 + uint64_t(10 * z)));
        test::write_model(folder / "channels.safetensors", colour_net);
        Model model = load_model(folder / "channels.safetensors");
        model.context_slices = 1;
        save_model(folder / "slices.safetensors", model);
    }

    std::string write(const std::string &name, const std::vector<int> &order) const {
        std::vector<Array<uint8_t>> chosen;
        for (const int z : order) chosen.push_back(pages[size_t(z)]);
        write_stack(folder / name, chosen);
        return folder / name;
    }

    test::Outcome segment(const std::string &model, const std::string &output, std::vector<std::string> input,
                          std::vector<std::string> more = {}) const {
        std::vector<std::string> line{"segment",
                                      "--model",
                                      folder / (model + ".safetensors"),
                                      "--output",
                                      folder / output,
                                      "--emit",
                                      "probabilities",
                                      "--probability-type",
                                      "f32",
                                      "--overwrite",
                                      "--input"};
        line.insert(line.end(), input.begin(), input.end());
        line.insert(line.end(), more.begin(), more.end());
        return test::run(line);
    }

    void check_equal(const std::string &a, const std::string &b) const {
        for (int z = 0; z < count; z++) CHECK(test::slice_of(folder / a, z) == test::slice_of(folder / b, z));
    }
};

}  // namespace

TEST_CASE("neighbouring slices are further channels", "[seam][program]") {
    const Slices world;
    const std::string before = world.write("before.tif", {1, 0, 1, 2}), at = world.write("at.tif", {0, 1, 2, 3}),
                      behind = world.write("behind.tif", {1, 2, 3, 2});
    REQUIRE(world.segment("channels", "lists.tif", {before, "+", at, "+", behind}).exit_code == 0);
    REQUIRE(world.segment("slices", "context.tif", {at}).exit_code == 0);
    world.check_equal("lists.tif", "context.tif");

    // Of a part of the slices the neighbours are still there, and tiles, threads and shards change nothing.
    REQUIRE(world.segment("slices", "part.tif", {at}, {"--z", "1:3", "--tile", "44", "--threads", "3"}).exit_code == 0);
    for (int z = 0; z < 2; z++)
        CHECK(test::slice_of(world.folder / "part.tif", z) == test::slice_of(world.folder / "context.tif", z + 1));
}

TEST_CASE("channels are samples, lists of files, or those that were chosen", "[seam][program]") {
    const Slices world;
    std::vector<Array<uint8_t>> samples;
    for (int z = 0; z < Slices::count; z++) {
        samples.emplace_back(3, Slices::width, Slices::height);
        for (size_t i = 0; i < world.pages[0].values.size(); i++)
            for (size_t k = 0; k < 3; k++)
                samples.back().values[3 * i + k] = world.pages[(size_t(z) + k) % 4].values[i];
    }
    write_stack(world.folder / "samples.tif", samples);
    const std::string a = world.write("a.tif", {0, 1, 2, 3}), b = world.write("b.tif", {1, 2, 3, 0}),
                      c = world.write("c.tif", {2, 3, 0, 1});
    REQUIRE(world.segment("channels", "1.tif", {world.folder / "samples.tif"}).exit_code == 0);
    REQUIRE(world.segment("channels", "2.tif", {a, "+", b, "+", c}).exit_code == 0);
    REQUIRE(world.segment("channels", "3.tif", {c, "+", a, "+", b}, {"--channels", "1,2,0"}).exit_code == 0);
    world.check_equal("1.tif", "2.tif");
    world.check_equal("1.tif", "3.tif");
    CHECK_THAT(test::text_of(world.folder / "3.tif"), Contains("channels") && Contains("1,2,0"));

    // The same files in other lists are another input.
    REQUIRE(world.segment("channels", "4.tif", {a, b, "+", b, c, "+", c, a}, {"--z", "0:1"}).exit_code == 0);
    const std::vector<std::string> again{"segment",
                                         "--model",
                                         world.folder / "channels.safetensors",
                                         "--output",
                                         world.folder / "4.tif",
                                         "--emit",
                                         "probabilities",
                                         "--probability-type",
                                         "f32",
                                         "--z",
                                         "0:1",
                                         "--channels",
                                         "0,1,2",
                                         "--input",
                                         a,
                                         "+",
                                         b,
                                         "+",
                                         b,
                                         "+",
                                         c,
                                         "+",
                                         c,
                                         "+",
                                         a};
    CHECK(test::run(again).exit_code == 73);

    // A folder of outputs: each file of the first list with those beside it.
    REQUIRE(world.segment("channels", "results/", {a, b, "+", b, c, "+", c, a}).exit_code == 0);
    for (int z = 0; z < Slices::count; z++)
        CHECK(test::slice_of(world.folder / "results/a.tif", z) == test::slice_of(world.folder / "1.tif", z));
}

TEST_CASE("training sees the slices beside each, and the model says so", "[definition][program]") {
    const Slices world;
    const std::string images = world.write("images.tif", {0, 1, 2, 3});
    test::write_labels(world.folder / "labels.tif", Slices::width, Slices::height, Slices::count, 7);
    const auto trained = test::run({"train", "--images", images, "--labels", world.folder / "labels.tif", "--model",
                                    world.folder / "m.safetensors", "--context-slices", "1", "--width", "4", "--depth",
                                    "1", "--tile", "40", "--steps", "6", "--validation", "0.25"});
    CAPTURE(trained.err);
    REQUIRE(trained.exit_code == 0);
    CHECK_THAT(trained.err, Contains("1 channel in each of 3 slices"));
    const Model model = load_model(world.folder / "m.safetensors");
    CHECK(model.context_slices == 1);
    CHECK(model.architecture().channels == 3);
    REQUIRE(world.segment("m", "out.tif", {images}).exit_code == 0);
    CHECK(ImageStack({world.folder / "out.tif"}).shape().pages == Slices::count);
    CHECK(test::run({"verify", "--model", world.folder / "m.safetensors", "--input", images}).exit_code == 0);
}

TEST_CASE("lists and channels that do not fit are refused in one line", "[error][program]") {
    const Slices world;
    const std::string a = world.write("a.tif", {0, 1, 2, 3}), b = world.write("b.tif", {1, 2});
    const auto refused = [&](std::vector<std::string> input, const std::vector<std::string> &more, int code,
                             const std::string &words) {
        const test::Outcome outcome = world.segment("channels", "x.tif", std::move(input), more);
        CHECK(outcome.exit_code == code);
        CHECK_THAT(outcome.err, Contains(words));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    };
    refused({a}, {}, 65, "has 1 channel");
    refused({a, "+", b, a}, {}, 64, "equally many files");
    refused({a, "+", a, "+", b}, {}, 65, "must agree");
    refused({a, "+"}, {}, 66, "no input file");
    refused({a}, {"--channels", "0,1,2"}, 64, "has channel 0 only");
    refused({a}, {"--channels", "x"}, 64, "whole number");
    refused({a}, {"--series", "1"}, 64, "has series 0 only");
}
