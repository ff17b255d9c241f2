#include "tests/tune/device_candidates.h"
#include <catch2/catch.hpp>

using namespace unet;

TEST_CASE("candidates for pools, the last layer and filter gradients give the bytes of the default on OpenCL",
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

TEST_CASE("bytes of kernels on a device that compute something else differ", "[repeat]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (!opencl) return;
    const auto calls = test::tuned_ops(*opencl, "gpu", {"max_pool2x2"}).front().calls;
    const auto find = [](const std::string &name) -> const KernelEntry & {
        return *std::ranges::find(kernel_list(), name, &KernelEntry::name);
    };
    const std::string target(opencl->halide_target);
    const auto largest = compile(find("max_pool2x2"), target, {}), mean = compile(find("average_pool2x2"), target, {});
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
