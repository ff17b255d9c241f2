// train --device, run as a program.
#include "src/net/model.h"
#include "tests/pipeline/labelled_images.h"
#include "tests/pipeline/program_device.h"
#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

using namespace unet;
using Catch::Matchers::Contains;
using test::LabelledImages;
using Words = std::vector<std::string>;

namespace {

/// All that has a state: batches, momentum, dropout, clipping, validation.
Words few_steps(const std::string &device, const Words &more = {}) {
    Words words{"--steps",
                "6",
                "--batch",
                "2",
                "--dropout",
                "0.2",
                "--validate-every",
                "3",
                "--checkpoint-every",
                "0.01s",
                "--clip-gradient",
                "0.5",
                "--validation",
                "0.25",
                "--no-report",
                "--device",
                device};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::string trained(LabelledImages &world, const std::string &model, const Words &options) {
    const test::Outcome outcome = world.train(model, options);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return world.bytes(model);
}

std::vector<double> losses(LabelledImages &world, const std::string &model) {
    std::vector<double> losses;
    std::istringstream log(world.bytes(model + ".log.jsonl"));
    for (std::string line; std::getline(log, line);) losses.push_back(nlohmann::json::parse(line).at("loss"));
    return losses;
}

}  // namespace

TEST_CASE("training on a device loses what it loses on the CPU, to 1e-4", "[definition][program][device]") {
    if (!test::program_has_device()) return;
    LabelledImages world;
    const Words more = GENERATE(Words{}, Words{"--memory-saver", "--optimiser", "sgd", "--loss", "cross-entropy+dice"});
    trained(world, "cpu.safetensors", few_steps("cpu", more));
    trained(world, "opencl.safetensors", few_steps("opencl", more));
    const std::vector<double> cpu = losses(world, "cpu.safetensors"), opencl = losses(world, "opencl.safetensors");
    REQUIRE(cpu.size() == 6);
    REQUIRE(opencl.size() == 6);
    for (size_t step = 0; step < cpu.size(); step++) CHECK(opencl[step] == Approx(cpu[step]).epsilon(1e-4));
    CHECK(bool(world.bytes("opencl.safetensors") != world.bytes("cpu.safetensors")));  // it was another device
}

TEST_CASE("training on a device gives the same model again, whatever activations are kept",
          "[repeat][program][device]") {
    if (!test::program_has_device()) return;
    LabelledImages world;
    const std::string first = trained(world, "first.safetensors", few_steps("opencl"));
    CHECK(bool(trained(world, "second.safetensors", few_steps("opencl", {"--threads", "1"})) == first));
    CHECK(bool(trained(world, "frugal.safetensors", few_steps("opencl", {"--memory-saver"})) == first));
}

TEST_CASE("training on a device that was stopped goes on to the bytes of one run", "[repeat][program][device]") {
    if (!test::program_has_device()) return;
    LabelledImages world;
    const std::string whole = trained(world, "whole.safetensors", few_steps("opencl"));
    const auto has_checkpoint = [&] {
        for (const auto &entry : std::filesystem::directory_iterator(world.folder.path()))
            if (entry.path().filename().string().starts_with("stopped.checkpoint-")) return true;
        return false;
    };
    bool stopped = false;
    for (int round = 0; round < 20 && !stopped; round++) {  // one that ends before the signal comes is run again
        std::filesystem::remove(world.folder / "stopped.safetensors");
        test::Running running = test::start(world.line("stopped.safetensors", few_steps("opencl", {"--restart"})));
        while (!running.ended() && !has_checkpoint()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        running.send(SIGTERM);
        stopped = running.wait().exit_code == 75;
    }
    REQUIRE(stopped);
    const test::Outcome on_cpu = world.train("stopped.safetensors", few_steps("cpu"));
    CHECK(on_cpu.exit_code == 65);
    CHECK_THAT(on_cpu.err, Contains("arithmetic"));
    CHECK(bool(trained(world, "stopped.safetensors", few_steps("opencl")) == whole));
}

TEST_CASE("a frozen encoder keeps its weights on a device", "[definition][program][device]") {
    if (!test::program_has_device()) return;
    LabelledImages world;
    trained(world, "first.safetensors", few_steps("cpu"));
    trained(world, "frozen.safetensors",
            few_steps("opencl", {"--from", world.folder / "first.safetensors", "--seed", "9", "--freeze-encoder",
                                 "--optimiser", "adamw"}));
    const Model first = load_model(world.folder / "first.safetensors"),
                frozen = load_model(world.folder / "frozen.safetensors");
    for (const TensorShape &tensor : first.parameters.tensors()) {
        CAPTURE(tensor.name);
        const bool same = frozen.parameters.get(tensor.name) == first.parameters.get(tensor.name);
        CHECK(same == tensor.name.starts_with("encoder."));
    }
}

TEST_CASE("training on several devices by one process is refused", "[error][program][device]") {
    LabelledImages world;
    const test::Outcome outcome = world.train("model.safetensors", few_steps("opencl:0,0"));
    CHECK(outcome.exit_code == 64);
    CHECK_THAT(outcome.err, Contains("a step is made on one device"));
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
}
