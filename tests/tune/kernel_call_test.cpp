#include "pipeline/bench_runs.h"
#include "tune/call_set.h"
#include "tune/jobs.h"
#include "tune/kernel_list.h"
#include "tune/kernel_work.h"
#include <algorithm>
#include <catch2/catch.hpp>

using namespace unet;

namespace {

constexpr int called_input = 204;
const Architecture called_net{.width = 16, .depth = 2};

std::vector<std::vector<CountedCall>> calls_of_inference() {
    return record_calls(kernels(), [] { InferenceRun(called_net, called_input)(); });
}

}  // namespace

TEST_CASE("the calls of a network are taken down, and its kernels are in place again", "[definition]") {
    const Kernels before = kernels();
    const auto calls = calls_of_inference();
    CHECK(kernels() == before);
    REQUIRE(calls.size() == kernel_list().size());
    for (size_t i = 0; i < calls.size(); i++) {
        const std::string &name = kernel_list()[i].name;
        CAPTURE(name);
        int64_t count = 0;
        for (const CountedCall &counted : calls[i]) count += counted.count;
        if (name == "max_pool2x2") CHECK(count >= 2);  // one a level, more in strips
        if (name == "up_conv2x2") CHECK(count >= 2);
        if (name == "average_pool2x2" || name == "sgd") CHECK(count == 0);
    }
}

TEST_CASE("filter gradients by rows, which the upper levels run, are among the kernels that are tuned",
          "[definition]") {
    const std::vector<Job> jobs = find_jobs(kernels(), called_net, called_input, true, {});
    for (const char *name : {"conv3x3_filter_grad_rows", "up_conv2x2_filter_grad_rows"}) {
        CAPTURE(name);
        const auto job =
            std::find_if(jobs.begin(), jobs.end(), [&](const Job &job) { return job.kernel->name == name; });
        REQUIRE(job != jobs.end());
        const size_t register_tiles = lanes_of(std::string(kernels().halide_target)) > 4 ? 2 : 1;
        CHECK(job->choices.front().size() >= register_tiles);
        CHECK(work_of(*job).multiply_adds > 0);
        const auto kernel = compile(*job->kernel, std::string(kernels().halide_target), job->choices.front().back());
        CallSet calls(job->calls, kernel->outputs());  // that of a pair's second input has no bias
        const auto usual = compile(*job->kernel, std::string(kernels().halide_target), {});
        CHECK(calls.bytes(*kernel) == calls.bytes(*usual));
    }
}

TEST_CASE("a failure while calls are taken down leaves the kernels in place", "[error]") {
    const Kernels before = kernels();
    CHECK_THROWS_AS(record_calls(kernels(), [] { throw std::runtime_error("stop"); }), std::runtime_error);
    CHECK(kernels() == before);
}

TEST_CASE("multiply-adds of the calls are those of the network, and of its padding", "[definition]") {
    const auto calls = calls_of_inference();
    double sum = 0;
    for (size_t i = 0; i < calls.size(); i++)
        for (const auto &[call, count] : calls[i]) sum += double(count) * multiply_adds(kernel_list()[i].op, call);
    const double wanted = UNet::inference_multiply_adds(called_net, square(called_input));
    // 2 classes are stored as 16 channels, rows as whole tiles.
    CHECK(sum >= wanted);
    CHECK(sum <= 1.25 * wanted);
}

TEST_CASE("multiply-adds of gradients are those of the way there", "[definition]") {
    const auto image_of = [](int channels, int width, int height) {
        return CallArgument(
            BufferShape{halide_type_of<float>(),
                        {{0, channels, 1}, {0, width, channels}, {0, height, channels * width}, {0, 1, 0}}});
    };
    const auto filter = [](int outputs, int taps, int inputs) {
        return CallArgument(
            BufferShape{halide_type_of<float>(),
                        {{0, 16, 1}, {0, taps, 16}, {0, taps, 16}, {0, inputs, 16}, {0, outputs / 16, 16}}});
    };
    const KernelCall forward{{image_of(32, 12, 10), filter(48, 3, 32), image_of(48, 1, 1), true, image_of(48, 10, 8)}};
    const KernelCall to_input{
        {image_of(48, 10, 8), image_of(48, 10, 8), filter(48, 3, 32), true, image_of(32, 12, 10)}};
    const KernelCall to_filter{{image_of(32, 12, 10), image_of(48, 10, 8), filter(48, 3, 32), image_of(48, 1, 1)}};
    CHECK(multiply_adds("conv3x3", forward) == 9.0 * 32 * 48 * 10 * 8);
    CHECK(multiply_adds("conv3x3_input_grad", to_input) == 9.0 * 32 * 48 * 12 * 10);
    CHECK(multiply_adds("conv3x3_filter_grad", to_filter) == 9.0 * 32 * 48 * 10 * 8);
    const KernelCall up_to_filter{{image_of(32, 6, 5), image_of(16, 12, 10), filter(16, 2, 32), image_of(16, 1, 1)}};
    CHECK(multiply_adds("up_conv2x2_filter_grad", up_to_filter) == 4.0 * 32 * 16 * 6 * 5);
    CHECK(multiply_adds("max_pool2x2", KernelCall{{image_of(16, 4, 4), image_of(16, 2, 2)}}) == 0);
    CHECK(bytes_touched(KernelCall{{image_of(16, 4, 4), image_of(16, 2, 2)}}) == 4.0 * 16 * (16 + 4));
}
