// --device of segment, plan and bench, run as a program.
#include "pipeline/device.h"
#include "src/base/error.h"
#include "tests/families.h"
#include "tests/pipeline/model_and_stack.h"
#include "tests/pipeline/program_device.h"
#include <cmath>
#include <nlohmann/json.hpp>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> on(const std::string &device, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--emit", "probabilities", "--probability-type", "f32", "--device", device});
    return more;
}

/// A variable for the programs that are started while it lives.
class Variable {
public:
    Variable(const char *name, const char *value) : name_(name) {
        if (const char *before = std::getenv(name)) before_ = before;
        setenv(name, value, 1);
    }
    ~Variable() {
        if (before_) setenv(name_, before_->c_str(), 1);
        else unsetenv(name_);
    }
    Variable(const Variable &) = delete;

private:
    const char *name_;
    std::optional<std::string> before_;
};

int lines_of(const std::string &text) { return int(std::count(text.begin(), text.end(), '\n')); }

}  // namespace

TEST_CASE("segment on an OpenCL device gives the CPU's probabilities to 1e-5, the same bytes for any tile",
          "[definition][program][device]") {
    if (!test::program_has_device()) return;
    test::ModelAndStack world(90, 70, 2);
    REQUIRE(world.segment("cpu.tif", on("cpu")).exit_code == 0);
    REQUIRE(world.segment("opencl.tif", on("opencl")).exit_code == 0);
    REQUIRE(world.segment("again.tif", on("opencl", {"--tile", "76"})).exit_code == 0);
    CHECK(world.bytes("again.tif") == world.bytes("opencl.tif"));
    const ImageStack cpu({world.folder / "cpu.tif"}), opencl({world.folder / "opencl.tif"});
    for (int page = 0; page < 2; page++) {
        const Pixels expected = cpu.read(page, {0, 0, 90, 70}), found = opencl.read(page, {0, 0, 90, 70});
        REQUIRE(found.values.size() == expected.values.size());
        float worst = 0;
        for (size_t i = 0; i < found.values.size(); i++)
            worst = std::max(worst, std::abs(found.values[i] - expected.values[i]));
        CHECK(worst <= 1e-5f);
        CHECK(worst > 0);  // it was another device
    }
}

TEST_CASE("tiles in flight and several devices change no byte", "[repeat][program][device]") {
    if (!test::program_has_device()) return;
    test::ModelAndStack world(200, 150, 2);
    const auto segment = [&](const std::string &name, const std::string &device, std::vector<std::string> more) {
        more.insert(more.end(), {"--tile", "76", "--threads", "4"});
        const test::Outcome outcome = world.segment(name, on(device, more));
        CAPTURE(name, outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return world.bytes(name);
    };
    const std::string alone = segment("alone.tif", "opencl", {"--tiles-in-flight", "1"});
    CHECK(bool(segment("many.tif", "opencl", {}) == alone));
    CHECK(bool(segment("few.tif", "opencl:0", {"--tiles-in-flight", "3"}) == alone));
    CHECK(bool(segment("two.tif", "opencl:0,0", {}) == alone));  // two contexts on the device that is there
    const std::string views = segment("views.tif", "opencl", {"--tta", "d4"});
    CHECK(bool(segment("views-of-two.tif", "opencl:0,0", {"--tta", "d4"}) == views));
}

TEST_CASE("a plan stays within the memory of a device, and what does not fit is refused in one line",
          "[definition][program][device]") {
    if (!test::program_has_device()) return;
    test::ModelAndStack world(900, 700, 1);
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"plan", "--model", world.model, "--input", world.stack, "--json", "-"};
        words.insert(words.end(), more.begin(), more.end());
        return test::run(words);
    };
    const auto plan = [&](const std::string &device, const std::string &memory) {
        const test::Outcome outcome = run({"--device", device, "--device-memory", memory});
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return nlohmann::json::parse(outcome.out);
    };
    const auto of = [](nlohmann::json plan) { return plan.is_array() ? plan.at(0) : plan; };
    const nlohmann::json plenty = of(plan("opencl", "8G")), little = of(plan("opencl", "40M")),
                         two = of(plan("opencl:0,0", "8G"));
    CHECK(plenty.at("networks") == 3);
    CHECK(two.at("networks") == 6);
    CHECK(two.at("device_bytes") == plenty.at("device_bytes"));  // of each
    CHECK(little.at("device_bytes").get<int64_t>() <= 40 << 20);
    CHECK(little.at("device_bytes") < plenty.at("device_bytes"));
    CHECK(little.at("device_weights") == plenty.at("device_weights"));

    const std::string memory = GENERATE("1K", "1M");
    for (const test::Outcome &refused : {run({"--device", "opencl", "--device-memory", memory}),
                                         world.segment("out.tif", on("opencl", {"--device-memory", memory}))}) {
        CHECK(refused.exit_code == 64);
        CHECK(lines_of(refused.err) == 1);
        CHECK_THAT(refused.err, Contains("device"));
    }
    CHECK(test::names_in(world.folder.path()) == std::vector<std::string>{"model.safetensors", "stack.tif"});
}

TEST_CASE("plan says how much memory of a device is needed", "[definition][program][device]") {
    if (!test::program_has_device()) return;
    test::ModelAndStack world(90, 70, 1);
    const auto plan = [&](const std::string &device) {
        return test::run({"plan", "--model", world.model, "--input", world.stack, "--device", device}).out;
    };
    CHECK_THAT(plan("opencl"), Contains("device    about"));
    CHECK_THAT(plan("cpu"), !Contains("device    about"));
}

TEST_CASE("without a device, auto goes on with the CPU and opencl says so in one line", "[error][program][device]") {
    // Accelerators, of which nobody has one; no drivers.
    const auto [name, value] = GENERATE(
        table<const char *, const char *>({{"HL_OCL_DEVICE_TYPE", "acc"}, {"OCL_ICD_VENDORS", "/nonexistent"}}));
    const Variable hidden(name, value);
    test::ModelAndStack world(90, 70, 1);
    const test::Outcome automatic = world.segment("auto.tif", on("auto")),
                        opencl = world.segment("o.tif", on("opencl"));
    REQUIRE(automatic.exit_code == 0);
    CHECK_THAT(automatic.err, Contains("computes on the CPU"));
    REQUIRE(world.segment("cpu.tif", on("cpu")).exit_code == 0);
    CHECK(world.bytes("auto.tif") == world.bytes("cpu.tif"));
    CHECK(opencl.exit_code == 64);
    CHECK_THAT(opencl.err, Contains("no OpenCL device"));
    CHECK(lines_of(opencl.err) == 1);
    CHECK(!std::filesystem::exists(world.folder / "o.tif"));
}

TEST_CASE("a device that is not there is named in one line", "[error][program][device]") {
    test::ModelAndStack world(90, 70, 1);
    const auto [device, words] = GENERATE(table<const char *, const char *>({{"opencl:77", "no OpenCL device"},
                                                                             {"gpu", "must be cpu, auto"},
                                                                             {"opencl:x", "is not a whole number"},
                                                                             {"opencl:0,", "is not a whole number"}}));
    const test::Outcome outcome = world.segment("o.tif", on(device));
    CAPTURE(device);
    CHECK(outcome.exit_code == 64);
    CHECK(lines_of(outcome.err) == 1);
    CHECK_THAT(outcome.err, Contains(words));
}

TEST_CASE("no library of a device is needed to start", "[definition][program][device]") {
    const test::Outcome libraries = test::Running({"/bin/sh", "-c", "ldd \"$0\"", UNETFLOW_PROGRAM}).wait();
    REQUIRE(libraries.exit_code == 0);
    CHECK_THAT(libraries.out, Contains("libtbb") && !Contains("libOpenCL") && !Contains("libcuda"));
}

TEST_CASE("auto goes on with the CPU where a device has too little memory, others do not", "[error][device]") {
    if (!test::opencl_or_skip()) return;
    int calls = 0;
    const auto prepare = [&] {
        calls++;
        if (kernels().on_device()) throw DeviceFull("too little");
    };
    {
        const test::UseKernels used(*test::opencl_or_skip());  // as a graphics processor that was found
        prepare_on(parse_device("auto"), true, prepare);
        CHECK(calls == 2);
        CHECK(!kernels().on_device());
    }
    const test::UseKernels used(*test::opencl_or_skip());
    CHECK_THROWS_AS(prepare_on(parse_device("opencl"), true, prepare), DeviceFull);
}

TEST_CASE("a rank takes one of several devices, and a single process refuses them", "[error][device]") {
    const DeviceChoice two = parse_device("opencl:3,1");
    CHECK(two.indices == std::vector<size_t>{3, 1});
    CHECK(device_of_rank(two, 0, 3) == parse_device("opencl:3"));
    CHECK(device_of_rank(two, 1, 3) == parse_device("opencl:1"));
    CHECK(device_of_rank(two, 2, 3) == parse_device("opencl:3"));
    CHECK(device_of_rank(parse_device("auto"), 1, 2) == parse_device("auto"));
    CHECK_THROWS_AS(device_of_rank(two, 0, 1), Error);
}

TEST_CASE("bench times a device, and says which", "[definition][program][device]") {
    if (!test::program_has_device()) return;
    const auto bench = [](const std::string &json) {
        const test::Outcome outcome = test::run({"bench", "--width", "4", "--depth", "1", "--tile", "60", "--repeat",
                                                 "1", "--device", "opencl", "--json", json});
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return outcome.out;
    };
    const auto result = nlohmann::json::parse(bench("-"));
    CHECK(result.at("target") == "opencl");
    const test::Outcome missing = test::run({"bench", "--device", "opencl:999"});
    CHECK_THAT(missing.err, Contains("0: " + result.at("device").get<std::string>()));
    CHECK(result.at("training_step_seconds") > 0);
    CHECK(!result.contains("fma_peak_gflops"));
    for (const char *layers : {"layers", "training_layers"})
        for (const nlohmann::json &layer : result.at(layers)) CHECK(layer.at("seconds") > 0);
    CHECK(result.at("peak_bytes") == result.at("predicted_bytes"));
    CHECK_THAT(bench(""), Contains("opencl kernels") && !Contains("of peak"));
}
