#include "pipeline/bench_runs.h"
#include "src/base/error.h"
#include "tune/kernel_search.h"
#include "tune/network_pair.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

constexpr int pass_input = 108;
const Architecture pass_net{.width = 16, .depth = 2};

const KernelEntry &kernel_named(const std::string &name) {
    for (const KernelEntry &kernel : kernel_list())
        if (kernel.name == name) return kernel;
    throw std::runtime_error("no kernel " + name);
}

std::string target_here() { return std::string(kernels().halide_target); }

CallArgument image(int channels, int width, int height) {
    const int row = channels * width;
    return BufferShape{halide_type_of<float>(),
                       {{0, channels, 1}, {0, width, channels}, {0, height, row}, {0, 1, row * height}}};
}

/// A pooling of an image.
const std::vector<CountedCall> pooling{{{{image(16, 12, 8), image(16, 6, 4)}}, 2}};

KernelFindings findings_of(const std::string &kernel) { return {.kernel = kernel, .before = {}, .after = {}}; }

}  // namespace

TEST_CASE("every candidate for every kernel of a training step gives the bytes of the default", "[repeat][full]") {
    const auto calls = record_calls(kernels(), [] {
        InferenceRun(pass_net, pass_input)();
        TrainingRun(pass_net, pass_input, UNet::Use::training)();
    });
    size_t compared = 0;
    for (const Kernels &target : available_kernels())
        for (size_t i = 0; i < calls.size(); i++) {
            const KernelEntry &kernel = kernel_list()[i];
            const std::string halide_target(target.halide_target);
            const auto groups = knob_choices(kernel.op, lanes_of(halide_target));
            if (calls[i].empty() || groups.empty()) continue;
            const KnobValues generic = generic_knobs_of(kernel.name, std::string(target.name));
            const auto before = compile(kernel, halide_target, generic);
            CallSet set(calls[i], before->outputs());
            const std::string expected = set.bytes(*before);
            for (const KnobChoices &group : groups)
                for (const KnobValues &choice : group) {
                    KnobValues knobs = choice;
                    knobs.insert(generic.begin(), generic.end());
                    CAPTURE(kernel.name, target.name, knobs_text(knobs));
                    CHECK(set.bytes(*compile(kernel, halide_target, knobs)) == expected);
                    compared++;
                }
        }
    CHECK(compared > 100);
}

TEST_CASE("a search takes what is faster, refuses what does not fit, and tries nothing twice", "[repeat]") {
    KernelFindings found = findings_of("max_pool2x2");
    size_t told = 0;
    const auto search = [&](const std::function<bool()> &may_go_on) {
        KernelSearch search(kernel_named(found.kernel), target_here(), pooling, found);
        search.search({{{{"rows", 2}}, {{"rows", 8}}}, {{{"no_such_knob", 1}}}}, may_go_on,
                      [&](const Trial &) { told++; });
    };
    search([&] { return told < 1; });
    CHECK(told == 1);
    CHECK(!found.finished);
    search([] { return true; });
    CHECK(found.finished);
    CHECK(told == found.trials.size());
    for (size_t i = 0; i < found.trials.size(); i++)
        for (size_t j = 0; j < i; j++) CHECK(found.trials[i].knobs != found.trials[j].knobs);
    const auto is_bad = [](const Trial &trial) { return trial.knobs.contains("no_such_knob"); };
    const auto bad = std::find_if(found.trials.begin(), found.trials.end(), is_bad);
    REQUIRE(bad != found.trials.end());
    CHECK(bad->refused.find("no_such_knob") != std::string::npos);
    CHECK(!found.after.contains("no_such_knob"));
}

TEST_CASE("a kernel that keeps its knobs gains nothing", "[definition]") {
    KernelFindings found = findings_of("max_pool2x2");
    KernelSearch search(kernel_named(found.kernel), target_here(), pooling, found);
    search.measure();
    for (int i = 0; i < 10; i++) {
        search.settle();
        REQUIRE(found.seconds_before > 0);
        REQUIRE(found.gain() == 0);
    }
}

TEST_CASE("bytes of kernels that compute something else differ", "[repeat]") {
    const auto largest = compile(kernel_named("max_pool2x2"), target_here(), {}),
               mean = compile(kernel_named("average_pool2x2"), target_here(), {}),
               rows = compile(kernel_named("max_pool2x2"), target_here(), {{"rows", 2}});
    CallSet calls(pooling, largest->outputs());
    CHECK(calls.bytes(*largest) == calls.bytes(*rows));
    CHECK(calls.bytes(*largest) != calls.bytes(*mean));
}

TEST_CASE("a kernel that refuses its buffers is an error with Halide's words", "[error]") {
    const auto pool = compile(kernel_named("max_pool2x2"), target_here(), {});
    const std::vector<CountedCall> too_small{{{{image(16, 12, 8), image(16, 7, 4)}}, 1}};
    CallSet calls(too_small, pool->outputs());
    CHECK_THROWS_WITH(calls.bytes(*pool), Catch::Contains("out of bounds") || Catch::Contains("beyond the max"));
}

TEST_CASE("kernels compiled while the program runs give the bytes of those of the build, in the network", "[repeat]") {
    Findings findings;
    findings.kernels.push_back(
        {.kernel = "conv3x3_winograd4", .before = {}, .after = {{"blocks", 1}, {"pixels", 4}, {"rows", 12}}});
    findings.kernels.push_back({.kernel = "max_pool2x2", .before = {}, .after = {{"rows", 2}}});
    findings.kernels.push_back({.kernel = "up_conv2x2_filter_grad", .before = {}, .after = {{"pixels", 8}}});
    const NetworkTimes times = compare_networks(kernels(), findings, pass_net, pass_input, true);
    CHECK(times.inference.first > 0);
    CHECK(times.inference.second > 0);
    CHECK(times.training.second > 0);
}

TEST_CASE("a network whose result an exchanged kernel changes is an error, and the kernels are in place again",
          "[error]") {
    Kernels odd = kernels();
    odd.max_pool2x2 = odd.average_pool2x2;
    Findings findings;
    findings.kernels.push_back({.kernel = "max_pool2x2", .before = {}, .after = {{"rows", 2}}});
    CHECK_THROWS_WITH(compare_networks(odd, findings, pass_net, pass_input, false),
                      Catch::Contains("the tuned kernels change the result of an inference"));
    CHECK(kernels() == odd);
    use_kernels(available_kernels().front().name);
}
