// `--precision float16`: what it changes in outputs and plans, and where it is refused.
#include "src/kernels/kernels.h"
#include "tests/pipeline/model_and_stack.h"
#include "tests/pipeline/program_device.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

using Options = std::vector<std::string>;

Options in_float16(Options more) {
    const Options half{"--emit", "probabilities", "--probability-type", "f32", "--precision", "float16"};
    more.insert(more.begin(), half.begin(), half.end());
    return more;
}

nlohmann::json plan_of(const test::ModelAndStack &world, Options more) {
    Options line{"plan", "--model", world.model, "--input", world.stack, "--json", "-"};
    line.insert(line.end(), more.begin(), more.end());
    const test::Outcome outcome = test::run(line);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return nlohmann::json::parse(outcome.out)[0];
}

}  // namespace

TEST_CASE("segment --precision float16 gives the same bytes for any tiles, threads and shards, and says so in them",
          "[seam][float16]") {
    if (!test::float16_or_skip()) return;
    test::ModelAndStack world(230, 190, 3);
    world.check_tiles_and_shards(in_float16);
    CHECK_THAT(world.bytes("whole.tif"), Contains("<M K=\"precision\">float16</M>"));

    REQUIRE(world.segment("usual.tif", {"--emit", "probabilities", "--probability-type", "f32"}).exit_code == 0);
    CHECK_THAT(world.bytes("usual.tif"), !Contains("precision"));
    const Pixels usual = test::slice_of(world.folder / "usual.tif", 1),
                 half = test::slice_of(world.folder / "whole.tif", 1);
    double largest = 0;
    for (size_t i = 0; i < usual.values.size(); i++)
        largest = std::max(largest, std::abs(double(usual.values[i]) - half.values[i]));
    CHECK(largest > 0);
    CHECK(largest < 1e-2);  // rounding, not other pixels; tests/net/float16_test.cpp has the bound
}

TEST_CASE("what was begun in one precision is not gone on with in the other", "[error][float16]") {
    if (!test::float16_or_skip()) return;
    test::ModelAndStack world(230, 190, 3);
    const Options one{"--shard", "0/2"}, other{"--shard", "1/2", "--precision", "float16"};
    REQUIRE(world.segment("part-%s.tif", one).exit_code == 0);
    REQUIRE(world.segment("part-%s.tif", other).exit_code == 0);
    const test::Outcome merged = test::run(
        {"merge", "--output", world.folder / "merged.tif", world.folder / "part-0.tif", world.folder / "part-1.tif"});
    CHECK(merged.exit_code == 65);
    CHECK_THAT(merged.err, Contains("precision"));

    REQUIRE(world.segment("out.tif", {}).exit_code == 0);
    const std::string before = world.bytes("out.tif");
    const test::Outcome again = world.segment("out.tif", {"--precision", "float16"});
    CHECK(again.exit_code == 73);
    CHECK(world.bytes("out.tif") == before);
}

TEST_CASE("plans know that float16 takes half the memory of the network, and segment keeps to them",
          "[definition][float16]") {
    if (!test::float16_or_skip()) return;
    test::ModelAndStack world(900, 900, 1);
    test::write_model(world.model, {.channels = 1, .classes = 2, .width = 16, .depth = 2});
    const Options sized{"--tile", "956", "--threads", "2"};
    Options half = sized;
    half.insert(half.end(), {"--precision", "float16"});
    const auto usual_plan = plan_of(world, sized), half_plan = plan_of(world, half);
    CHECK(usual_plan.at("tile") == half_plan.at("tile"));
    CHECK_THAT(world.segment("out.tif", {"--dry-run", "--precision", "float16"}).out,
               Contains(", images in float16\n"));
    const auto networks = [](const nlohmann::json &plan) { return plan.at("memory").at("networks").get<double>(); };
    CHECK(networks(half_plan) < 0.7 * networks(usual_plan));  // the probabilities are float32 in both
    const test::Outcome outcome = world.segment("out.tif", half);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.peak_bytes < half_plan.at("memory_bytes").get<long>());
    // A --max-ram between the two: tiles need not become smaller.
    const long between = (usual_plan.at("memory_bytes").get<long>() + half_plan.at("memory_bytes").get<long>()) / 2;
    const Options limit{"--max-ram", std::to_string(between)};
    Options limited = half, usually_limited = sized;
    limited.insert(limited.end(), limit.begin(), limit.end());
    usually_limited.insert(usually_limited.end(), limit.begin(), limit.end());
    CHECK(plan_of(world, limited).at("tile") == half_plan.at("tile"));
    CHECK(plan_of(world, usually_limited).at("tile") != usual_plan.at("tile"));
}

TEST_CASE("bench --precision float16 takes the memory that was planned", "[definition][float16]") {
    if (!test::float16_or_skip()) return;
    const auto bench = [](const Options &more) {
        Options line{"bench",    "--width", "16",      "--depth", "2", "--tile",         "300",
                     "--repeat", "1",       "--quiet", "--json",  "-", "--skip-training"};
        line.insert(line.end(), more.begin(), more.end());
        return nlohmann::json::parse(test::run(line).out);
    };
    const auto usual = bench({}), half = bench({"--precision", "float16"});
    CHECK(half.at("peak_bytes") == half.at("predicted_bytes"));
    CHECK(half.at("peak_bytes").get<double>() < usual.at("peak_bytes").get<double>());
    CHECK_THAT(half.at("target").get<std::string>(), Contains("_float16"));
    CHECK(half.at("inference_bytes_moved").get<double>() < 0.6 * usual.at("inference_bytes_moved").get<double>());
}

TEST_CASE("float16 is refused in one line where there are no such kernels, and in training", "[error][float16]") {
    test::ModelAndStack world(100, 100, 1);
    const auto refused = [](const test::Outcome &outcome, const std::string &words) {
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == 64);
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        CHECK_THAT(outcome.err, Contains(words));
    };
    refused(world.segment("o.tif", {"--precision", "float16", "--target", "sse41"}),
            "--precision float16: the sse41 kernels have no such form; take float32");
    refused(world.segment("o.tif", {"--precision", "float8"}), "must be one of float32|float16");
    refused(test::run({"plan", "--model", world.model, "--input", world.stack, "--precision", "float16", "--target",
                       "sse41"}),
            "--precision float16");
    refused(test::run({"bench", "--precision", "float16"}), "is for inference only; add --skip-training");
    CHECK(test::names_in(world.folder.path()) == Options{"model.safetensors", "stack.tif"});
    if (!test::program_has_device()) return;
    refused(world.segment("o.tif", {"--precision", "float16", "--device", "opencl"}),
            "--precision float16: the opencl kernels have no such form");
}
