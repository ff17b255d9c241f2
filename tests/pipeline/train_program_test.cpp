// The verb train, run as a program.
#include "src/net/model.h"
#include "src/sample/pieces.h"
#include "tests/pipeline/labelled_images.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

using namespace unet;
using Catch::Matchers::Contains;
using test::LabelledImages;
namespace fs = std::filesystem;

namespace {

std::vector<nlohmann::json> log_lines(const std::string &text) {
    std::vector<nlohmann::json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
}

}  // namespace

TEST_CASE("one, two and five threads train the same model", "[repeat][program]") {
    LabelledImages world;
    for (const char *threads : {"1", "2", "5"}) {
        const test::Outcome outcome =
            world.train(std::string(threads) + ".safetensors",
                        {"--steps", "6", "--batch", "2", "--dropout", "0.5", "--threads", threads});
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }
    CHECK(world.bytes("2.safetensors") == world.bytes("1.safetensors"));
    CHECK(world.bytes("5.safetensors") == world.bytes("1.safetensors"));
    CHECK_FALSE(fs::exists(world.folder / "1.best.safetensors"));
}

TEST_CASE("the loss falls, and the trained model segments what it saw", "[definition][program]") {
    LabelledImages world;
    const test::Outcome outcome =
        world.train("model.safetensors", {"--steps", "300", "--validation", "0.25", "--learning-rate", "0.01"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.out == (world.folder / "model.safetensors").string() + "\n");
    const auto log = log_lines(world.bytes("model.safetensors.log.jsonl"));
    REQUIRE(log.size() == 300);
    double early = 0, late = 0;
    for (int i = 0; i < 10; i++) {
        early += log[i].at("loss").get<double>();
        late += log[290 + i].at("loss").get<double>();
    }
    CHECK(late < early / 2);
    CHECK(log.back().at("step") == 300);
    CHECK(log.back().at("validation_iou").get<double>() > 0.7);
    CHECK(test::text_of(world.folder / "model.validation.png").starts_with("\x89PNG"));
    CHECK(log.back().contains("learning_rate"));
    CHECK(log.back().at("samples_per_second").get<double>() > 0);

    const auto scores = [&] {
        test::run({"segment", "--model", world.folder / "model.safetensors", "--input", world.images, "--output",
                   world.folder / "out.tif"});
        return test::run(
            {"evaluate", "--prediction", world.folder / "out.tif", "--truth", world.labels, "--json", "-"});
    }();
    CAPTURE(scores.err);
    REQUIRE(scores.exit_code == 0);
    CHECK(nlohmann::json::parse(scores.out).at("total").at("pixel_error").get<double>() < 0.2);
}

TEST_CASE("the best weights for instances are those of the best objects, as evaluate counts them",
          "[definition][program]") {
    LabelledImages world;
    std::vector<Array<uint16_t>> pages;
    for (int page = 0; page < 4; page++) {
        Ids bright(1, 96, 80);
        const Array<uint8_t> image = test::texture(96, 80, 5 + 10 * page);
        for (size_t i = 0; i < bright.values.size(); i++) bright.values[i] = image.values[i] > 128;
        const Ids ids = connected_components(bright, Touching::by_side);
        pages.emplace_back(1, 96, 80);
        std::copy(ids.values.begin(), ids.values.end(), pages.back().values.begin());
    }
    write_stack(world.labels, pages);
    const test::Outcome trained =
        world.train("model.safetensors", {"--label-kind", "instances", "--steps", "100", "--validation", "0.25",
                                          "--learning-rate", "0.01", "--weights", "none", "--class-weights", "none"});
    CAPTURE(trained.err);
    REQUIRE(trained.exit_code == 0);
    CHECK_THAT(trained.err, Contains("best validation, mean of IoU and PQ"));
    const auto quality = [](const nlohmann::json &line) {
        return line.value("validation_iou", -1.0) + line.value("validation_pq", -1.0);
    };
    const std::vector<nlohmann::json> log = log_lines(world.bytes("model.safetensors.log.jsonl"));
    const nlohmann::json &best = *std::max_element(
        log.begin(), log.end(), [&](const auto &a, const auto &b) { return quality(a) < quality(b); });
    CHECK(best.at("validation_pq") > 0);
    CHECK(load_model(world.folder / "model.safetensors").provenance.at("best-step") == best.at("step").dump());

    test::run({"segment", "--model", world.folder / "model.safetensors", "--input", world.images, "--z", "3:4",
               "--output", world.folder / "out.tif"});
    const test::Outcome scores = test::run({"evaluate", "--prediction", world.folder / "out.tif", "--truth",
                                            world.labels, "--label-kind", "instances", "--z", "3:4", "--json", "-"});
    CAPTURE(scores.err);
    REQUIRE(scores.exit_code == 0);
    CHECK(nlohmann::json::parse(scores.out).at("total").at("pq").get<double>() ==
          Approx(best.at("validation_pq").get<double>()).epsilon(1e-9));
}

TEST_CASE("training by page does not see how bright a page is, and says so in the model", "[definition][program]") {
    LabelledImages world;
    const std::vector<std::string> options{"--steps", "4", "--normalise", "page", "--gray-variation", "0"};
    REQUIRE(world.train("dark.safetensors", options).exit_code == 0);
    const ImageStack dark({world.images});
    std::vector<Array<uint16_t>> pages;
    for (int page = 0; page < dark.shape().pages; page++) {
        const Pixels pixels = dark.read(page, {0, 0, dark.shape().width, dark.shape().height});
        pages.emplace_back(1, pixels.width, pixels.height);
        for (size_t i = 0; i < pixels.values.size(); i++)
            pages.back().values[i] = uint16_t(pixels.values[i] * float(1 << page));
    }
    write_stack(world.images, pages);
    REQUIRE(world.train("bright.safetensors", options).exit_code == 0);
    const Model a = load_model(world.folder / "dark.safetensors"), b = load_model(world.folder / "bright.safetensors");
    CHECK(a.normalisation.by_page);
    CHECK(a.parameters.get("bottom.conv1.weight") == b.parameters.get("bottom.conv1.weight"));
}

TEST_CASE("a loss that is no number is reported, and no model is written", "[error][program]") {
    LabelledImages world;
    Pixels spiked(1, 96, 80);
    for (size_t i = 0; i < spiked.values.size(); i++) spiked.values[i] = float(i % 200);
    // Too rare to move the percentiles, too large for the weights of the second step.
    for (const int x : {20, 21, 48, 49, 70, 71})
        for (const int y : {20, 21, 60, 61}) spiked(x, y) = 3e38f;
    write_stack(world.images, std::vector<Pixels>(4, spiked));
    const test::Outcome outcome =
        world.train("model.safetensors", {"--steps", "200", "--learning-rate", "1", "--validation", "0"});
    CHECK(outcome.exit_code == 65);
    CHECK_THAT(outcome.err, Contains("the loss is not a number any more") && Contains("--learning-rate"));
    CHECK_FALSE(fs::exists(world.folder / "model.safetensors"));
}

TEST_CASE("a time limit is kept and becomes a number of steps", "[definition][program]") {
    LabelledImages world;
    const auto start = std::chrono::steady_clock::now();
    const test::Outcome outcome = world.train("model.safetensors", {"--time-limit", "4s"});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("steps fit into 4 s"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(8));
    CHECK(log_lines(world.bytes("model.safetensors.log.jsonl")).size() > 1);
}

TEST_CASE("training takes other losses", "[definition][program]") {
    LabelledImages world;
    const std::string loss = GENERATE("focal", "dice", "cross-entropy+dice");
    CAPTURE(loss);
    const test::Outcome outcome = world.train(
        "model.safetensors", {"--steps", "300", "--validation", "0.25", "--learning-rate", "0.01", "--loss", loss});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto lines = log_lines(world.bytes("model.safetensors.log.jsonl"));
    CHECK(lines.back()["validation_iou"] > 0.6);
    CHECK(load_model(world.folder / "model.safetensors").provenance.at("loss").starts_with(loss));
}

TEST_CASE("a model is fine-tuned from another, its encoder frozen or not", "[definition][program]") {
    LabelledImages world;
    REQUIRE(world.train("first.safetensors", {"--steps", "5"}).exit_code == 0);
    const auto tuned = [&](const std::string &name, std::vector<std::string> more) {
        more.insert(more.end(), {"--from", world.folder / "first.safetensors", "--steps", "3", "--seed", "9",
                                 "--optimiser", "adamw"});
        const test::Outcome outcome = world.train(name, more);
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK_THAT(outcome.err, Contains("begins with the weights of"));
        return load_model(world.folder / name);
    };
    const Model first = load_model(world.folder / "first.safetensors");
    const Model still = tuned("still.safetensors", {"--learning-rate", "0"});
    const Model free = tuned("free.safetensors", {}), frozen = tuned("frozen.safetensors", {"--freeze-encoder"});
    for (const TensorShape &tensor : first.parameters.tensors()) {
        CAPTURE(tensor.name);
        const auto of = [&](const Model &model) { return model.parameters.get(tensor.name); };
        CHECK(of(still) == of(first));
        CHECK(of(free) != of(first));
        CHECK((of(frozen) == of(first)) == tensor.name.starts_with("encoder."));
    }
}

TEST_CASE("a model to begin with gives width, depth and pooling", "[definition][program]") {
    LabelledImages world;
    REQUIRE(world.train("first.safetensors", {"--steps", "1", "--pooling", "average"}).exit_code == 0);
    const test::Outcome outcome = test::run({"train", "--images", world.images, "--labels", world.labels, "--model",
                                             world.folder / "next.safetensors", "--from",
                                             world.folder / "first.safetensors", "--tile", "60", "--steps", "1"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("network: width 4, depth 1, average pooling"));
    CHECK(load_model(world.folder / "next.safetensors").architecture() ==
          load_model(world.folder / "first.safetensors").architecture());
}

TEST_CASE("a model of another size, and a frozen encoder without one, are refused", "[error][program]") {
    LabelledImages world;
    REQUIRE(world.train("first.safetensors", {"--steps", "1"}).exit_code == 0);
    const test::Outcome other = world.train(
        "other.safetensors", {"--from", world.folder / "first.safetensors", "--pooling", "average", "--steps", "1"});
    CHECK(other.exit_code == 65);
    CHECK_THAT(other.err, Contains("has width 4, depth 1 and max pooling; leave out --width, --depth and --pooling"));
    for (const char *size : {"--width", "--depth"}) {
        std::vector<std::string> line =
            world.line("other.safetensors", {"--from", world.folder / "first.safetensors", "--steps", "1"});
        *(std::find(line.begin(), line.end(), size) + 1) = "2";
        CHECK(test::run(line).exit_code == 65);
    }
    CHECK(world.train("frozen.safetensors", {"--freeze-encoder"}).exit_code == 64);
}

TEST_CASE("training ends when validation gets no better", "[definition][program]") {
    LabelledImages world;
    const test::Outcome outcome =
        world.train("model.safetensors", {"--steps", "100", "--learning-rate", "0", "--patience", "2",
                                          "--validate-every", "5", "--validation", "0.25"});
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("no better validation since step 5: training ends"));
    CHECK(log_lines(world.bytes("model.safetensors.log.jsonl")).back().at("step") == 15);
    CHECK(fs::exists(world.folder / "model.safetensors"));
}

TEST_CASE("a network that predicts one class alone ends training with the reason", "[error][program]") {
    LabelledImages world;
    Classes rare(1, 96, 80);
    for (int y = 30; y < 36; y++)
        for (int x = 40; x < 46; x++) rare(x, y) = 255;  // 1 in 200 pixels
    write_stack(world.labels, std::vector<Classes>(4, rare));
    const test::Outcome outcome =
        world.train("model.safetensors", {"--steps", "2000", "--validate-every", "25", "--validation", "0.25",
                                          "--learning-rate", "0.01", "--class-weights", "none", "--weights", "none"});
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 65);
    CHECK_THAT(outcome.err, Contains("predicts class 0 alone") && Contains("--class-weights balance"));
    CHECK_FALSE(fs::exists(world.folder / "model.safetensors"));
}

TEST_CASE("a model that exists stays, unless --overwrite", "[error][program]") {
    LabelledImages world;
    std::ofstream(world.folder / "model.safetensors") << "old";
    const test::Outcome outcome = world.train("model.safetensors", {"--steps", "1"});
    CHECK(outcome.exit_code == 73);
    CHECK_THAT(outcome.err, Contains("model.safetensors: exists; add --overwrite"));
    CHECK(world.bytes("model.safetensors") == "old");
}

TEST_CASE("a stop signal ends training with exit code 75 and without a model", "[error][program]") {
    LabelledImages world;
    test::Running running = test::start(world.line("model.safetensors", {"--steps", "1000000", "--validation", "0"}));
    const fs::path log = world.folder / "model.safetensors.log.jsonl";
    while (!running.ended() && !fs::exists(log)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    running.send(SIGTERM);
    const test::Outcome outcome = running.wait();
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 75);
    CHECK_THAT(outcome.err, Contains("stopped by a signal"));
    CHECK_FALSE(fs::exists(world.folder / "model.safetensors"));
}
