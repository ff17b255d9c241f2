// segment --device, run as a program.
#include "tests/families.h"
#include "tests/pipeline/model_and_stack.h"
#include <cmath>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> on(const std::string &device, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--emit", "probabilities", "--probability-type", "f32", "--device", device});
    return more;
}

}  // namespace

TEST_CASE("segment on an OpenCL device gives the CPU's probabilities to 1e-5, the same bytes for any tile",
          "[definition][program][device]") {
    if (!test::opencl_or_skip()) return;
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

TEST_CASE("plan says how much memory of a device is needed", "[definition][program][device]") {
    if (!test::opencl_or_skip()) return;
    test::ModelAndStack world(90, 70, 1);
    const auto plan = [&](const std::string &device) {
        return test::run({"plan", "--model", world.model, "--input", world.stack, "--device", device}).out;
    };
    CHECK_THAT(plan("opencl"), Contains("device    about"));
    CHECK_THAT(plan("cpu"), !Contains("device    about"));
}

TEST_CASE("without a device, auto goes on with the CPU and opencl says so in one line", "[error][program][device]") {
    const char *type = std::getenv("HL_OCL_DEVICE_TYPE");
    const std::string before = type ? type : "";
    setenv("HL_OCL_DEVICE_TYPE", "acc", 1);  // accelerators, of which nobody has one
    test::ModelAndStack world(90, 70, 1);
    const test::Outcome automatic = world.segment("auto.tif", on("auto")),
                        opencl = world.segment("o.tif", on("opencl"));
    if (type) setenv("HL_OCL_DEVICE_TYPE", before.c_str(), 1);
    else unsetenv("HL_OCL_DEVICE_TYPE");
    REQUIRE(automatic.exit_code == 0);
    CHECK_THAT(automatic.err, Contains("computes on the CPU"));
    REQUIRE(world.segment("cpu.tif", on("cpu")).exit_code == 0);
    CHECK(world.bytes("auto.tif") == world.bytes("cpu.tif"));
    CHECK(opencl.exit_code == 64);
    CHECK_THAT(opencl.err, Contains("no OpenCL device"));
    CHECK(std::count(opencl.err.begin(), opencl.err.end(), '\n') == 1);
    CHECK(!std::filesystem::exists(world.folder / "o.tif"));
}
