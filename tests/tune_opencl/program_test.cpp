#include "tests/families.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

/// One kernel of a tiny network.
std::vector<std::string> tiny_on(const std::string &device, const std::string &output,
                                 std::vector<std::string> more = {}) {
    std::vector<std::string> words{"--device",       device, "--width",   "16",          "--depth",  "1",
                                   "--tile",         "92",   "--kernels", "max_pool2x2", "--output", output,
                                   "--skip-training"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

TEST_CASE("a run on a device writes a profile that names it, and a report", "[definition][device]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (!opencl) return;
    const std::string name = device_driver("opencl")->devices().front().name;
    const test::TemporaryFolder folder;
    const std::string profile = (folder / "here.txt").string();
    const test::Outcome outcome = test::run(tiny_on("opencl", profile, {"--minutes", "1"}));
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, Contains("max_pool2x2") && Contains("GB/s") && !Contains("of peak"));
    CHECK_THAT(outcome.out, Contains("unetflow bench --device opencl") && !Contains("the same bytes"));
    CHECK_THAT(outcome.err, Contains("pixels=32") && !Contains("refused"));
    CHECK_THAT(test::text_of(profile), Contains("# machine: " + name) && Contains("# network: not compared"));
    CHECK_THAT(test::text_of(folder / "here.report.html"), Contains("</html>") && Contains("bench --device opencl"));
    CHECK(!std::filesystem::exists(folder / "here.txt.findings.json"));
    CHECK(test::run(tiny_on("opencl", profile)).exit_code == 73);
}

TEST_CASE("a run on a device that was killed goes on where it was", "[repeat][device]") {
    if (!test::opencl_or_skip()) return;
    const test::TemporaryFolder folder;
    const std::string profile = (folder / "here.txt").string(), kept = profile + ".findings.json";
    const auto words = tiny_on("opencl:0", profile, {"--minutes", "5"});
    test::Running running = test::start(words);
    const auto has_trial = [&] { return test::text_of(kept).find("\"gain\"") != std::string::npos; };
    while (!running.ended() && !has_trial()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    running.send(SIGKILL);
    running.wait();
    REQUIRE(has_trial());
    const test::Outcome done = test::run(words);
    CAPTURE(done.err);
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.err, Contains("goes on after ") && !Contains("  pixels=2: "));  // the first trial is not made again
    CHECK(std::filesystem::exists(profile));
    CHECK(!std::filesystem::exists(kept));
}

TEST_CASE("a device that is not there, or not one, ends in one line", "[error][device]") {
    const test::TemporaryFolder folder;
    const auto refused = [&](const std::string &device) {
        const test::Outcome outcome = test::run(tiny_on(device, (folder / "here.txt").string()));
        CHECK(outcome.exit_code == 64);
        CHECK(std::ranges::count(outcome.err, '\n') == 1);
        return outcome.err;
    };
    CHECK(refused("auto") ==
          "unetflow-tune: --device auto: a profile is of one device; name it, as opencl or cuda:1\n");
    CHECK_THAT(refused("opencl:0,1"), Contains("a profile is of one device"));
    CHECK_THAT(refused("opencl:77"), Contains("no OpenCL device"));
    if (!cuda_kernels())
        CHECK(refused("cuda") ==
              "unetflow-tune: no CUDA device can be used here; install its driver, or compute on the CPU\n");
}

TEST_CASE("without the program for a device, one line names it", "[error][device]") {
    const test::TemporaryFolder folder;
    std::filesystem::copy_file(UNETFLOW_PROGRAM, folder / "unetflow-tune");
    const test::Outcome outcome =
        test::Running({(folder / "unetflow-tune").string(), "--device", "cuda", "--width", "16"}).wait();
    CHECK(outcome.exit_code == 66);
    CHECK(outcome.err == "unetflow-tune: " + (folder / "unetflow-tune-cuda").string() +
                             ": cannot be started; build it, it has the schedules for cuda\n");
}
