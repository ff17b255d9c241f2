#include "tests/tune/device_candidates.h"
#include "tune/kernel_search.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

const KernelEntry &entry_named(const std::string &name) {
    return *std::ranges::find(kernel_list(), name, &KernelEntry::name);
}

}  // namespace

TEST_CASE("candidates for pools, the last layer and up-convolutions' gradients give the bytes of the default on OpenCL",
          "[repeat]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (opencl)
        CHECK(test::compare_candidates(*opencl, "gpu", {"max_pool2x2", "conv1x1_softmax", "up_conv2x2_filter_grad"}) ==
              11);
}

TEST_CASE("every candidate for every op of a training step gives the bytes of the default on OpenCL",
          "[repeat][full]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (opencl) CHECK(test::compare_candidates(*opencl, "gpu") > 80);
}

TEST_CASE("calls are taken down on the devices in use", "[definition]") {
    if (!test::opencl_or_skip()) return;
    const test::UseKernels used(*test::opencl_or_skip());
    use_devices_of("opencl", {0, 0});
    const std::vector<const Device *> chosen(devices_in_use().begin(), devices_in_use().end());
    const auto same = [&] { return std::ranges::equal(devices_in_use(), chosen); };
    record_calls(kernels(), [&] { CHECK(same()); });
    CHECK(same());
    use_kernels(available_kernels().front());
    CHECK(devices_in_use().empty());
}

TEST_CASE("a candidate that a device cannot launch is refused, and the search goes on", "[error]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (!opencl) return;
    const auto calls = test::tuned_ops(*opencl, "gpu", {"max_pool2x2"}).front().calls;
    KernelFindings found{.kernel = "max_pool2x2"};
    KernelSearch search(entry_named("max_pool2x2"), std::string(opencl->halide_target), calls, found);
    search.measure();
    search.search(
        {{{{"pixels", 1 << 14}}, {{"pixels", 4}}}}, [] { return true; }, [](const Trial &) {});
    REQUIRE(found.trials.size() >= 2);
    CHECK(found.trials[0].refused.find("clEnqueueNDRangeKernel") != std::string::npos);
    CHECK(found.trials[1].refused.empty());
    CHECK(found.seconds_before > 0);
    CHECK(found.finished);
}

TEST_CASE("bytes of kernels on a device that compute something else differ", "[repeat]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (!opencl) return;
    const auto calls = test::tuned_ops(*opencl, "gpu", {"max_pool2x2"}).front().calls;
    const std::string target(opencl->halide_target);
    const auto largest = compile(entry_named("max_pool2x2"), target, {}),
               mean = compile(entry_named("average_pool2x2"), target, {});
    CallSet set(calls, largest->outputs());
    const std::string bytes = set.bytes(*largest);
    CHECK(set.bytes(*mean) != bytes);
    CHECK(set.time(*largest, *mean, 1).first > 0);
    CHECK(set.bytes(*largest) == bytes);
}

TEST_CASE("knobs of generic.txt are among the candidates of devices", "[definition]") {
    for (const auto &[target, family] : {std::pair("opencl", "gpu"), {"cuda70", "cuda"}, {"cuda80", "cuda"}})
        for (const KernelEntry &kernel : kernel_list()) {
            const KnobValues generic = generic_knobs_of(kernel.name, target);
            for (const auto &[name, value] : generic) {
                CAPTURE(kernel.name, target, name);
                size_t found = 0;
                for (const KnobChoices &group : device_knob_choices(kernel.op, family))
                    found += size_t(std::ranges::count(group, KnobValues{{name, value}}));
                CHECK(found == 1);
            }
        }
}
