#include "tests/tune/device_candidates.h"
#include <Halide.h>
#include <catch2/catch.hpp>

using namespace unet;

namespace {

/// The PTX of a kernel; empty when there is none. Nothing is run, so no device is needed.
std::string ptx_of(const KernelEntry &kernel, const std::string &target, const KnobValues &knobs) {
    const Halide::GeneratorContext context{Halide::Target(target)};
    const auto generator = Halide::Internal::get_registered_generators().create(kernel.op, context);
    for (const auto &[name, value] : kernel.parameters) generator->set_generatorparam_value(name, value);
    for (const auto &[name, value] : knobs) generator->set_generatorparam_value(name, std::to_string(value));
    std::string text;
    for (const auto &buffer : generator->build_module(kernel.name).buffers())
        text.append(static_cast<const char *>(buffer.data()), buffer.size_in_bytes());
    return text;
}

/// Compiles the candidates for the first kernel of each op. Returns how many there were.
size_t compile_candidates(const std::string &target, const std::set<std::string> &only = {}) {
    size_t compiled = 0;
    std::set<std::string> seen;
    for (const KernelEntry &kernel : kernel_list()) {
        if ((!only.empty() && !only.contains(kernel.op)) || !seen.insert(kernel.op).second) continue;
        for (const KnobChoices &group : choices_of(kernel, target))
            for (const KnobValues &knobs : group) {
                CAPTURE(kernel.name, target, knobs_text(knobs));
                CHECK(ptx_of(kernel, target, knobs).find(".entry ") != std::string::npos);
                compiled++;
            }
    }
    return compiled;
}

constexpr const char *cuda70 = "x86-64-linux-sse41-cuda-cuda_capability_70",
                     *cuda80 = "x86-64-linux-sse41-cuda-cuda_capability_80";

}  // namespace

TEST_CASE("candidates for some layers compile for CUDA", "[definition]") {
    CHECK(compile_candidates(cuda80, {"conv1x1", "up_conv2x2", "max_pool2x2"}) > 12);
}

TEST_CASE("every candidate for every op compiles for CUDA", "[definition][full]") {
    for (const char *target : {cuda70, cuda80}) CHECK(compile_candidates(target) > 80);
}

TEST_CASE("candidates for up-convolutions by CUDA's schedules give the bytes of the default on OpenCL", "[repeat]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (opencl) CHECK(test::compare_candidates(*opencl, "cuda", {"up_conv2x2"}) == 2);
}

TEST_CASE("every candidate for every op by CUDA's schedules gives the bytes of the default on OpenCL",
          "[repeat][full]") {
    const Kernels *opencl = test::opencl_or_skip();
    if (opencl) CHECK(test::compare_candidates(*opencl, "cuda") > 60);
}
