// What the verb train draws its samples from, run as a program.
#include "tests/pipeline/labelled_images.h"
#include <catch2/catch.hpp>

using namespace unet;
using Catch::Matchers::Contains;
using test::LabelledImages;
using test::Outcome;
using test::slice_of;
namespace fs = std::filesystem;

TEST_CASE("blocks of slices validate where asked, and of a single slice", "[definition][program]") {
    LabelledImages one(1), several;
    const test::Outcome single = one.train("model.safetensors", {"--steps", "2", "--validation", "0.25"});
    CAPTURE(single.err);
    REQUIRE(single.exit_code == 0);
    CHECK_THAT(single.err, Contains("the lowest 20 rows of the image are held out"));
    CHECK(load_model(one.folder / "model.safetensors").provenance.at("validation-by") == "blocks");
    const test::Outcome blocks =
        several.train("model.safetensors", {"--steps", "2", "--validation", "0.25", "--validation-by", "blocks"});
    REQUIRE(blocks.exit_code == 0);
    CHECK_THAT(blocks.err,
               Contains("the lowest 20 rows of each image are held out") && Contains("4 images of 96 x 80"));
    CHECK(test::text_of(several.folder / "model.validation.png").starts_with("\x89PNG"));
}

TEST_CASE("shares need a number for each pair of files", "[error][program]") {
    LabelledImages world;
    const test::Outcome outcome = world.train("model.safetensors", {"--steps", "2", "--shares", "1,2"});
    CHECK(outcome.exit_code == 64);
    CHECK_THAT(outcome.err, Contains("--shares: 2 numbers for 1 pairs of files"));
    CHECK(world.train("model.safetensors", {"--steps", "2", "--shares", "0"}).exit_code == 64);
    CHECK(world.train("model.safetensors", {"--steps", "2", "--shares", "2"}).exit_code == 0);
}

TEST_CASE("samples are dumped as they reach the network", "[definition][program]") {
    LabelledImages world;
    REQUIRE(world.train("model.safetensors", {"--steps", "3", "--dump-samples", world.folder / "dump"}).exit_code == 0);
    CHECK(std::distance(fs::directory_iterator(world.folder / "dump"), {}) == 9);
}

TEST_CASE("a preview shows samples and trains nothing", "[definition][program]") {
    LabelledImages world;
    const test::Outcome outcome = world.train("model.safetensors", {"--preview", "3"});
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    const fs::path picture = world.folder / "model.preview.png";
    CHECK(outcome.out == picture.string() + "\n");
    CHECK(test::text_of(picture).starts_with("\x89PNG"));
    CHECK_FALSE(fs::exists(world.folder / "model.safetensors"));
    CHECK_FALSE(fs::exists(world.folder / "model.safetensors.log.jsonl"));
}

TEST_CASE("background outside the field of interest is not learned", "[definition][program]") {
    LabelledImages world;
    const Outcome outcome = world.train(
        "model.safetensors", {"--steps", "1", "--field-of-interest", "100", "--dump-samples", world.folder / "dump"});
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 65);  // all is outside: there is nothing but foreground
    CHECK_THAT(outcome.err, Contains("class"));

    const auto sampled = [&](const std::string &name, const std::string &rim) {
        const auto folder = world.folder / name;
        const std::vector<std::string> options{"--steps",        "1",   "--field-of-interest", rim, "--overwrite",
                                               "--dump-samples", folder};
        const Outcome run = world.train("model.safetensors", options);
        CAPTURE(run.err);
        REQUIRE(run.exit_code == 0);
        const bool said = run.err.find("outside the field of interest") != std::string::npos;
        CHECK(said == (rim != "0"));
        return std::pair(ImageStack({folder / "sample-000000.labels.tif"}).read_ids(0, {0, 0, 44, 44}),
                         slice_of(folder / "sample-000000.weights.tif", 0));
    };
    const auto [all, all_weights] = sampled("all", "0");
    const auto [inside, weights] = sampled("inside", "30");
    size_t left_out = 0, wrong = 0;
    for (size_t i = 0; i < all.values.size(); i++) {
        const bool out = inside.values[i] == ignored;
        left_out += out;
        wrong += out ? all.values[i] != 0 || weights.values[i] != 0 : inside.values[i] != all.values[i];
    }
    CHECK(wrong == 0);
    CHECK(left_out > 0);
    CHECK(left_out < all.values.size());
}
