// The kernels of inference in the form that stores images as float16: the same float32 values, rounded once.
#include "tests/kernels/targets.h"
#include "tests/kernels/winograd.h"
#include <algorithm>

#ifndef HALIDE_CPP_COMPILER_HAS_FLOAT16  // under the address sanitizer Halide does not say it
template<>
constexpr halide_type_t halide_type_of<_Float16>() {
    return {halide_type_float, 16};
}
#endif

namespace unet::test {

namespace {

using Half = _Float16;
using HalfImage = Halide::Runtime::Buffer<Half, 4>;

constexpr float largest_half = 65504;

/// Those that have a float16 form here: of the CPU, and of CUDA where it has a device.
std::vector<Kernels> with_float16_form() {
    std::vector<Kernels> found(available_kernels().begin(), available_kernels().end());
    if (const Kernels *cuda = cuda_kernels()) found.push_back(*cuda);
    std::erase_if(found, [](const Kernels &kernels) { return !float16_form(kernels); });
    if (found.empty()) WARN("no processor with F16C: kernels with images of float16 are not tested");
    return found;
}

HalfImage halves(const Image &image) {
    HalfImage result(image.dim(0).extent(), image.dim(1).extent(), image.dim(2).extent(), image.dim(3).extent());
    result.set_min(image.dim(0).min(), image.dim(1).min(), image.dim(2).min(), image.dim(3).min());
    for_each_position(image, [&](auto... position) { result(position...) = Half(image(position...)); });
    return result;
}

/// The values that a float16 can hold.
Image rounded(Image image) {
    image.for_each_value([](float &value) { value = float(Half(value)); });
    return image;
}

/// `call(kernels, out)` writes the first `width` columns of `out`, a HalfImage for kernels of float16: exactly what
/// they are in float32, rounded to the nearest. Where kernels leave something out, both keep the NaN they began with.
template<class Call>
void check_rounds(const Kernels &kernels, const Image &out, int width, Call call) {
    const UseKernels used(kernels);
    const HalfImage half_out = halves(out);
    call(kernels, out);
    call(*float16_form(kernels), half_out);
    int wrong = 0;
    for_each_position(columns(out, width), [&](auto... position) {
        const Half expected = Half(std::clamp(out(position...), -largest_half, largest_half));
        wrong += std::bit_cast<uint16_t>(expected) != std::bit_cast<uint16_t>(half_out(position...));
    });
    CHECK(wrong == 0);
}

/// A float32 image for kernels of float32, its halves for the others.
template<class Out>
auto as_stored(const Image &image, const Out &) {
    if constexpr (std::is_same_v<Out, HalfImage>) return halves(image);
    else return image;
}

}  // namespace

TEST_CASE("conv3x3 of a float32 image stores the float16 nearest to each value", "[definition][float16]") {
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{1, 1, 1, 1}, {3, 16, 7, 2}, {1, 64, 35, 17}}));
    const Image in = random_input({K, W + 2, H + 2}, 1);
    const Filter filter = random_filter(C, 3, K, K, 2);
    const Vector bias = random_bias(C, 3);
    const int outputs = C, width = W, height = H;
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name, C, W, H);
        check_rounds(kernels, unset({outputs, width, height}), width, [&](const Kernels &own, const auto &out) {
            run(own.conv3x3, in, filter, bias, true, out.cropped(1, 0, round_up(width, pixel_block)));
        });
    }
}

TEST_CASE("conv3x3_winograd reads float16 and stores the float16 nearest to each value", "[definition][float16]") {
    const int m = GENERATE(4, 6);
    const bool deep = GENERATE(false, true);
    const auto [K, C, W, H, N] =
        GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1}, {80, 33, 13, 9, 2}, {16, 64, 48, 26, 1}}));
    const Image in = rounded(winograd_input(K, W, H, N, m, 1));
    const Filter filter = random_filter(C, 3, K, 2);
    const Vector bias = random_bias(C, 3);
    const int outputs = C, width = W, height = H, images = N;
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name, m, deep, K, C, W, H);
        const Filter stored = deep ? filter : transformed(kernels, filter, m);
        check_rounds(kernels, winograd_output(outputs, width, height, images, m), round_up(width, m),
                     [&](const Kernels &own, const auto &out) {
                         const auto tiles = in_tiles(out, m);
                         const auto kernel = deep     ? m == 4 ? own.conv3x3_winograd4_deep : own.conv3x3_winograd6_deep
                                             : m == 4 ? own.conv3x3_winograd4
                                                      : own.conv3x3_winograd6;
                         run(kernel, as_stored(in, out), stored, bias, true, tiles.dim(2).extent(),
                             tiles.dim(4).extent(), tiles);
                     });
    }
}

TEST_CASE("conv3x3_pair_winograd reads float16 and stores the float16 nearest to each value", "[definition][float16]") {
    const int m = GENERATE(4, 6);
    const auto [A, B, C, W, H] =
        GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1}, {20, 33, 17, 13, 9}, {64, 64, 64, 48, 26}}));
    const Image a = rounded(winograd_input(A, W, H, 1, m, 1)), b = rounded(winograd_input(B, W, H, 1, m, 2));
    const Filter filter_a = random_filter(C, 3, A, 3), filter_b = random_filter(C, 3, B, 4);
    const Vector bias = random_bias(C, 5);
    const int outputs = C, width = W, height = H;
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name, m, A, B, C, W, H);
        const Filter of_a = transformed(kernels, filter_a, m), of_b = transformed(kernels, filter_b, m);
        check_rounds(kernels, winograd_output(outputs, width, height, 1, m), round_up(width, m),
                     [&](const Kernels &own, const auto &out) {
                         const auto tiles = in_tiles(out, m);
                         run(m == 4 ? own.conv3x3_pair_winograd4 : own.conv3x3_pair_winograd6, as_stored(a, out),
                             as_stored(b, out), of_a, of_b, bias, true, tiles.dim(2).extent(), tiles.dim(4).extent(),
                             tiles);
                     });
    }
}

TEST_CASE("up_conv2x2 reads float16 and stores the float16 nearest to each value", "[definition][float16]") {
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{1, 1, 1, 1}, {64, 32, 13, 9}, {17, 48, 35, 3}}));
    const Image in = rounded(random_image({K, W, H}, 1));
    const Filter filter = random_filter(C, 2, K, 2);
    const Vector bias = random_bias(C, 3);
    const int outputs = C, width = 2 * W, height = 2 * H;
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name, K, C, W, H);
        check_rounds(kernels, unset({outputs, width, height}), width, [&](const Kernels &own, const auto &out) {
            run(own.up_conv2x2, as_stored(in, out), filter, bias,
                in_tiles(out.cropped(1, 0, round_up(width, 2 * pixel_block)), 2));
        });
    }
}

TEST_CASE("pooling reads float16 and stores the float16 nearest to each value", "[definition][float16]") {
    const auto [C, W, H, N] = GENERATE(table<int, int, int, int>({{1, 2, 2, 1}, {16, 7, 5, 2}, {48, 34, 26, 1}}));
    const Image in = rounded(columns(random_image({C, W, H, N}, 1), W));
    const bool largest = GENERATE(true, false);
    const int channels = padded(C), width = W / 2, height = H / 2, images = N;
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name, largest, C, W, H);
        check_rounds(kernels, filled(Image(channels, width, height, images), nan), width,
                     [&](const Kernels &own, const auto &out) {
                         run(largest ? own.max_pool2x2 : own.average_pool2x2, as_stored(in, out), out);
                     });
    }
}

TEST_CASE("conv1x1_softmax gives the same probabilities of an image in float16", "[definition][float16]") {
    const auto [classes, W, H] = GENERATE(table<int, int, int>({{2, 1, 1}, {3, 35, 9}, {17, 110, 5}}));
    const bool probabilities = GENERATE(true, false);
    const Image in = rounded(random_image({20, W, H}, 1));
    const Filter filter = random_filter(classes, 1, 20, 2);
    const Vector bias = random_bias(classes, 3);
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name, classes, W, H);
        const UseKernels used(kernels);
        const Image expected(classes, W, H, 1), found(classes, W, H, 1);
        run(kernels.conv1x1_softmax, in, filter, bias, classes, probabilities, expected);
        run(float16_form(kernels)->conv1x1_softmax, halves(in), filter, bias, classes, probabilities, found);
        CHECK(bool(bits(found) == bits(expected)));
    }
}

TEST_CASE("clear_surplus writes zeros around an image of float16 and nothing else", "[definition][float16]") {
    const int W = 13, H = 9;
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name);
        const UseKernels used(kernels);
        Image image(16, W + 9, H + 7, 1);
        image.set_min(0, -4, -2, 0);
        const HalfImage stored = halves(random(image, 1)), before = stored.copy();
        run(float16_form(kernels)->clear_surplus, W, H, stored);
        int wrong = 0;
        for_each_position(stored, [&](int c, int x, int y, int n) {
            const bool inside = x >= 0 && x < W && y >= 0 && y < H;
            wrong += float(stored(c, x, y, n)) != (inside ? float(before(c, x, y, n)) : 0.0f);
        });
        CHECK(wrong == 0);
    }
}

TEST_CASE("what is too large for float16 is stored as the largest there is", "[definition][float16]") {
    const bool relu = GENERATE(true, false);
    const float value = GENERATE(65504.0f, 65519.0f, 65521.0f, 1e9f, -1e9f);
    const Image in = filled(Image(16, 6, 6, 1), 0), out = filled(Image(16, 4, 4, 1), nan);
    const Filter filter = filled(Filter(channel_block, 16, 6, 6, 1), 0);
    const Vector bias = filled(Vector(16), value);
    for (const Kernels &kernels : with_float16_form()) {
        CAPTURE(kernels.name, relu, value);
        const UseKernels used(kernels);
        const HalfImage stored = halves(out);
        run(float16_form(kernels)->conv3x3_winograd4, halves(in), filter, bias, relu, 1, 1, in_tiles(stored, 4));
        const float expected = std::clamp(value, relu ? 0 : -largest_half, largest_half);
        CHECK(float(stored(0, 0, 0, 0)) == expected);
        CHECK(float(stored(15, 3, 3, 0)) == expected);
    }
}

TEST_CASE("float16 is a usage error with the remedy where kernels have no such form", "[error][targets]") {
    CHECK(!float16_form(available_kernels().back()));  // of SSE4.1
    use_kernels("sse41");
    const Error error = [] {
        try {
            use_float16();
        } catch (const Error &error) {
            return error;
        }
        return Error(Exit::done, "");
    }();
    CHECK(error.code == Exit::usage);
    CHECK(std::string(error.what()) == "--precision float16: the sse41 kernels have no such form; take float32, a CPU "
                                       "with AVX2, or CUDA");
    CHECK(kernels().name == "sse41");
    use_kernels(available_kernels().front().name);
    if (const Kernels *opencl = opencl_or_skip()) CHECK(!float16_form(*opencl));
}

}  // namespace unet::test
