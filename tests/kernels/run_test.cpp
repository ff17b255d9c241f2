#include "src/base/error.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"
#include <HalideRuntime.h>
#include <atomic>
#include <cstdlib>
#include <functional>

namespace unet::test {

namespace {

/// The Error that `call` throws.
template<class Call>
Error error_of(Call call) {
    try {
        call();
    } catch (const Error &error) {
        return error;
    }
    return Error(Exit::done, "nothing was thrown");
}

Image image(int channels, int width, int height) { return filled(Image(channels, width, height, 1), 1); }

/// A call with one buffer of a wrong size, and the name of that buffer.
struct WrongCall {
    std::string kernel, buffer;
    std::function<void(const Kernels &)> call;
};

const Filter filter3(filled(unset_filter(16, 3, 16), 1)), filter2(filled(unset_filter(16, 2, 16), 1)),
    filter1(filled(unset_filter(16, 1, 16), 1));
const Vector bias(filled(unset_bias(16), 1)), short_bias(filled(Vector(6), 1));
using Labels = Halide::Runtime::Buffer<uint8_t, 3>;
using Weights = Halide::Runtime::Buffer<float, 3>;
using Losses = Halide::Runtime::Buffer<float, 2>;

const WrongCall wrong_calls[] = {
    {"conv3x3", "in", [](auto &k) { run(k.conv3x3, image(16, 13, 6), filter3, bias, true, image(16, 12, 4)); }},
    {"conv3x3, rows", "in", [](auto &k) { run(k.conv3x3, image(16, 14, 5), filter3, bias, true, image(16, 12, 4)); }},
    {"conv3x3, channels", "filter",
     [](auto &k) { run(k.conv3x3, image(32, 14, 6), filter3, bias, true, image(16, 12, 4)); }},
    {"conv3x3, bias", "bias",
     [](auto &k) { run(k.conv3x3, image(16, 14, 6), filter3, short_bias, true, image(16, 12, 4)); }},
    {"conv3x3, half a tile", "out",
     [](auto &k) { run(k.conv3x3, image(16, 14, 6), filter3, bias, true, image(16, 11, 4)); }},
    {"conv3x3, half a block", "bias",
     [](auto &k) { run(k.conv3x3, image(16, 14, 6), filter3, bias, true, image(17, 12, 4)); }},
    {"conv3x3_pair", "b",
     [](auto &k) {
         run(k.conv3x3_pair, image(16, 14, 6), image(16, 13, 6), filter3, filter3, bias, true, image(16, 12, 4));
     }},
    {"conv3x3_pair", "filter_b",
     [](auto &k) {
         run(k.conv3x3_pair, image(16, 14, 6), image(32, 14, 6), filter3, filter3, bias, true, image(16, 12, 4));
     }},
    {"conv3x3_input_grad", "out",
     [](auto &k) { run(k.conv3x3_input_grad, image(16, 10, 4), image(16, 9, 4), filter3, true, image(16, 12, 6)); }},
    {"conv3x3_input_grad", "filter",
     [](auto &k) { run(k.conv3x3_input_grad, image(32, 10, 4), image(32, 10, 4), filter3, true, image(16, 12, 6)); }},
    {"conv3x3_filter_grad", "in",
     [](auto &k) {
         run(k.conv3x3_filter_grad, image(16, 11, 6), image(16, 10, 4), image(16, 10, 4), true, filter3, bias, filter3,
             bias);
     }},
    {"conv3x3_filter_grad", "d_bias",
     [](auto &k) {
         run(k.conv3x3_filter_grad, image(16, 12, 6), image(16, 10, 4), image(16, 10, 4), true, filter3, bias, filter3,
             short_bias);
     }},
    {"conv3x3_filter_grad_thin", "d_filter",
     [](auto &k) {
         run(k.conv3x3_filter_grad_thin, image(3, 12, 6), image(16, 10, 4), image(16, 10, 4), true, filter3, bias,
             filter2, bias);
     }},
    {"conv1x1", "in", [](auto &k) { run(k.conv1x1, image(16, 11, 4), filter1, bias, image(16, 12, 4)); }},
    {"conv1x1_input_grad", "d_out",
     [](auto &k) { run(k.conv1x1_input_grad, image(16, 12, 3), filter1, image(16, 12, 4), true, image(16, 12, 4)); }},
    {"conv1x1_filter_grad", "in",
     [](auto &k) { run(k.conv1x1_filter_grad, image(16, 11, 4), image(16, 12, 4), filter1, bias, filter1, bias); }},
    {"up_conv2x2", "in",
     [](auto &k) { run(k.up_conv2x2, image(16, 5, 4), filter2, bias, in_tiles(image(16, 12, 8), 2)); }},
    {"up_conv2x2_input_grad", "d_out",
     [](auto &k) {
         run(k.up_conv2x2_input_grad, image(16, 23, 8), filter2, image(16, 12, 4), true, image(16, 12, 4));
     }},
    {"up_conv2x2_filter_grad", "d_out",
     [](auto &k) { run(k.up_conv2x2_filter_grad, image(16, 12, 4), image(16, 23, 8), filter2, bias, filter2, bias); }},
    {"max_pool2x2", "in", [](auto &k) { run(k.max_pool2x2, image(16, 9, 8), image(16, 5, 4)); }},
    {"max_pool2x2_input_grad", "in",
     [](auto &k) {
         run(k.max_pool2x2_input_grad, image(16, 9, 8), image(16, 5, 4), image(16, 10, 8), true, image(16, 10, 8));
     }},
    {"average_pool2x2", "in", [](auto &k) { run(k.average_pool2x2, image(16, 10, 7), image(16, 5, 4)); }},
    {"average_pool2x2_input_grad", "d_skip",
     [](auto &k) {
         run(k.average_pool2x2_input_grad, image(32, 10, 8), image(32, 5, 4), image(16, 10, 8), true, image(32, 10, 8));
     }},
    {"dropout", "in", [](auto &k) { run(k.dropout, image(16, 9, 8), 1u, 1u, 1.0f, image(16, 10, 8)); }},
    {"conv1x1_softmax", "in",
     [](auto &k) { run(k.conv1x1_softmax, image(16, 9, 8), filter1, bias, 2, true, image(2, 10, 8)); }},
    {"conv1x1_softmax, classes", "bias",
     [](auto &k) { run(k.conv1x1_softmax, image(16, 12, 8), filter1, bias, 17, true, image(17, 10, 8)); }},
    {"softmax_loss", "weight",
     [](auto &k) {
         run(k.softmax_loss, image(16, 10, 8), Labels(10, 8, 1), filled(Weights(9, 8, 1), 1), 2, 1.0f, image(16, 10, 8),
             Losses(8, 1));
     }},
    {"focal_loss", "weight",
     [](auto &k) {
         run(k.focal_loss, image(16, 10, 8), Labels(10, 8, 1), filled(Weights(9, 8, 1), 1), 2, 2.0f, 1.0f,
             image(16, 10, 8), Losses(8, 1));
     }},
    {"dice_sums", "weight",
     [](auto &k) {
         run(k.dice_sums, image(16, 10, 8), Labels(10, 8, 1), filled(Weights(9, 8, 1), 1), 2, Weights(16, 8, 1),
             Weights(16, 8, 1));
     }},
    {"dice_input_grad", "weight",
     [](auto &k) {
         run(k.dice_input_grad, image(16, 10, 8), Labels(10, 8, 1), filled(Weights(9, 8, 1), 1), 2, bias, bias, 1.0f,
             image(16, 10, 8));
     }},
    {"sgd", "gradient", [](auto &k) { run(k.sgd, bias, bias, short_bias, 1.0f, 1.0f, bias, bias); }},
};

std::atomic<int> allocated, released, allowed;
halide_malloc_t real_malloc;
halide_free_t real_free;

void *counted_malloc(void *context, size_t bytes) {
    if (allowed.fetch_sub(1) <= 0) return nullptr;
    allocated++;
    return real_malloc(context, bytes);
}
void counted_free(void *context, void *pointer) {
    if (pointer) released++;
    real_free(context, pointer);
}

/// While it lives, kernels get `count` temporaries and are refused any more.
struct ScarceMemory {
    explicit ScarceMemory(int count) {
        install_halide_hooks();
        allocated = released = 0;
        allowed = count;
        real_malloc = halide_set_custom_malloc(counted_malloc);
        real_free = halide_set_custom_free(counted_free);
    }
    ~ScarceMemory() {
        halide_set_custom_malloc(real_malloc);
        halide_set_custom_free(real_free);
    }
};

constexpr int plenty = std::numeric_limits<int>::max();

}  // namespace

TEST_CASE("a buffer of a wrong size is one error that names it", "[error][run]") {
    const Kernels kernels = GENERATE(each_family());
    const WrongCall &wrong = GENERATE(from_range(std::begin(wrong_calls), std::end(wrong_calls)));
    CAPTURE(kernels.name, wrong.kernel, wrong.buffer);
    const ScarceMemory counted(plenty);

    const Error error = error_of([&] { wrong.call(kernels); });

    const std::string line = error.what();
    CAPTURE(line);
    CHECK(error.code == Exit::internal);
    // Halide appends a number to an output's name: out$1.
    CHECK((line.find("uffer " + wrong.buffer + " ") != std::string::npos ||
           line.find("uffer " + wrong.buffer + "$") != std::string::npos));
    CHECK(line.find('\n') == std::string::npos);
    CHECK(allocated == released);
}

TEST_CASE("kernels free their temporaries", "[error][run]") {
    const Kernels kernels = GENERATE(each_target());
    CAPTURE(kernels.name);
    const ScarceMemory counted(plenty);

    run(kernels.conv3x3_input_grad, image(16, 70, 68), image(16, 70, 68), filter3, true, image(16, 72, 70));
    run(kernels.conv3x3_filter_grad, image(16, 72, 70), image(16, 70, 68), image(16, 70, 68), true, filter3, bias,
        filter3, bias);

    CHECK(allocated > 0);
    CHECK(allocated == released);
}

TEST_CASE("a failure inside a parallel loop is one message and frees all temporaries", "[error][run]") {
    const Kernels kernels = GENERATE(each_target());
    const int allocations =
        GENERATE(0, 1, 2, 3, 5);  // the first is the turned filter, the others stand in parallel tasks
    CAPTURE(kernels.name, allocations);
    const ScarceMemory scarce(allocations);

    const Error error = with_threads(2, [&] {
        return error_of([&] {
            run(kernels.conv3x3_input_grad, image(16, 70, 298), image(16, 70, 298), filter3, true, image(16, 72, 300));
        });
    });

    const std::string line = error.what();
    CAPTURE(line);
    CHECK(error.code == Exit::internal);
    CHECK(line.find("emory") != std::string::npos);
    CHECK(line.find("emory") == line.rfind("emory"));
    CHECK(line.find('\n') == std::string::npos);
    CHECK(allocated == allocations);
    CHECK(released == allocations);
}

TEST_CASE("a target that is unknown or cannot run here is a usage error that lists the others", "[error][targets]") {
    const Error error = error_of([] { use_kernels("sse9"); });
    CHECK(error.code == Exit::usage);
    CHECK(std::string(error.what()).find("sse9") != std::string::npos);
    for (const Kernels &kernels : available_kernels())
        CHECK(std::string(error.what()).find(kernels.name) != std::string::npos);
    CHECK(error_of([] { use_kernels("opencl"); }).code == Exit::usage);
    CHECK(error_of([] { use_kernels("cuda80"); }).code == Exit::usage);
    CHECK(error_of([] { use_kernels(""); }).code == Exit::usage);
}

TEST_CASE("the best target is used until another is chosen", "[definition][targets]") {
    const std::vector<std::string_view> compiled(compiled_targets().begin(), compiled_targets().end());
    CHECK(compiled == std::vector<std::string_view>{"avx512", "avx2", "sse41", "cuda80", "cuda70", "opencl"});
    CHECK(available_kernels().back().name == "sse41");

    CHECK(kernels() == available_kernels().front());
    for (const Kernels &target : available_kernels()) {
        use_kernels(target.name);
        CHECK(kernels() == target);
    }
    use_kernels(available_kernels().front().name);
}

TEST_CASE("OpenCL is chosen where it has a device", "[definition][targets]") {
    const Kernels *opencl = opencl_or_skip();
    if (!opencl) return;
    CHECK(opencl->name == "opencl");
    CHECK(opencl->on_device());
    use_devices_of("opencl");
    CHECK(kernels() == *opencl);
    use_kernels(available_kernels().front().name);
    CHECK(!kernels().on_device());
}

TEST_CASE("CUDA is chosen where it has a device, and is a usage error elsewhere", "[definition][targets]") {
    const Kernels *cuda = cuda_kernels();
    if (cuda) {
        CHECK((cuda->name == "cuda80" || cuda->name == "cuda70"));
        CHECK(cuda->on_device());
        use_devices_of("cuda");
        CHECK(kernels() == *cuda);
        use_kernels(available_kernels().front().name);
    } else {
        const Error error = error_of([] { use_devices_of("cuda"); });
        CHECK(error.code == Exit::usage);
        CHECK(std::string(error.what()).find("CUDA") != std::string::npos);
        CHECK(kernels() == available_kernels().front());
    }
    CHECK(getenv("HL_CUDA_JIT_MAX_REGISTERS"));
}

TEST_CASE("conv3x3 on OpenCL gives the same bytes every time", "[repeat][targets]") {
    const Kernels *opencl = opencl_or_skip();
    if (!opencl) return;
    const Image in = columns(random_image({16, 38, 21}, 1), 38), first = image(48, 36, 19), second = image(48, 36, 19);
    const Filter filter = random_filter(48, 3, 16, 2);
    run(opencl->conv3x3, in, filter, random_bias(48, 3), true, first);
    run(opencl->conv3x3, in, filter, random_bias(48, 3), true, second);
    CHECK(bool(bits(first) == bits(second)));
}

}  // namespace unet::test
