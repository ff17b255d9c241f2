#include "tests/kernels/winograd.h"

namespace unet::test {

namespace {

void convolve(const Kernels &kernels, const Image &in, const Filter &filter, const Vector &bias, bool relu,
              const Image &out, int m, bool deep = false) {
    const TiledImage tiles = in_tiles(out, m);
    const auto kernel = deep     ? m == 4 ? kernels.conv3x3_winograd4_deep : kernels.conv3x3_winograd6_deep
                        : m == 4 ? kernels.conv3x3_winograd4
                                 : kernels.conv3x3_winograd6;
    run(kernel, in, deep ? filter : transformed(kernels, filter, m), bias, relu, tiles.dim(2).extent(),
        tiles.dim(4).extent(), tiles);
}

}  // namespace

TEST_CASE("conv3x3_winograd equals the definition of conv3x3 on every target and for every size",
          "[definition][conv3x3_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    const int m = GENERATE(4, 6);
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1},
                                                                          {3, 5, 7, 2, 2},
                                                                          {16, 17, 13, 9, 1},
                                                                          {17, 64, 6, 30, 1},
                                                                          {32, 48, 38, 3, 2},
                                                                          {3, 5, 61, 45, 2},
                                                                          {64, 32, 213, 5, 1}}));
    const bool relu = GENERATE(false, true), deep = GENERATE(false, true);
    CAPTURE(kernels.name, m, K, C, W, H, N, relu, deep);
    const Image in = winograd_input(K, W, H, N, m, 1), out = winograd_output(C, W, H, N, m);
    const Filter filter = random_filter(C, 3, K, 2);
    const Vector bias = random_bias(C, 3);

    convolve(kernels, in, filter, bias, relu, out, m, deep);

    const auto definition = [&](int c, int x, int y, int n) {
        double sum = bias(c);
        for (int k = 0; k < K; k++)
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 3; i++) sum += double(in(k, x + i, y + j, n)) * at(filter, c, i, j, k);
        return relu ? std::max(sum, 0.0) : sum;
    };
    CHECK(max_difference(out, definition) <= winograd_growth(m) * rounding(9 * K + 1));
    CHECK(padding_is_zero(out, C));
}

TEST_CASE("conv3x3_winograd gives the same bytes for any number of threads, and if it transforms the filter",
          "[repeat][conv3x3_winograd]") {
    const int m = GENERATE(4, 6);
    // The second: so many channels that tasks are longer.
    const auto [K, C, W, H, N] =
        GENERATE(table<int, int, int, int, int>({{33, 80, 150, 19, 1}, {512, 528, 28, 25, 2}}));
    const Image in = winograd_input(K, W, H, N, m, 1);
    const Filter filter = random_filter(C, 3, K, 2);
    const Vector bias = random_bias(C, 3);
    const int outputs = C, width = W, height = H, images = N;  // structured bindings cannot be captured
    const auto convolved = [&](const Kernels &kernels, bool deep) {
        const Image out = winograd_output(outputs, width, height, images, m);
        convolve(kernels, in, filter, bias, true, out, m, deep);
        return bits(out);
    };
    check_repeats([&](const Kernels &kernels) { return convolved(kernels, false); });
    check_repeats([&](const Kernels &kernels) { return convolved(kernels, true); });
    for (const Kernels &kernels : available_kernels())
        CHECK(bool(convolved(kernels, false) == convolved(kernels, true)));
}

TEST_CASE("conv3x3_winograd gives a tile the same bytes wherever it stands", "[repeat][conv3x3_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    const int m = GENERATE(4, 6);
    CAPTURE(kernels.name, m);
    const int C = 32, W = 96, H = 60;
    const Image in = winograd_input(16, W, H, 1, m, 1), whole = winograd_output(C, W, H, 1, m);
    const Filter filter = random_filter(C, 3, 16, 2);
    const Vector bias = random_bias(C, 3);
    convolve(kernels, in, filter, bias, true, whole, m);

    for (const auto &[x, y, w, h] : windows(W / m, H / m)) {
        CAPTURE(x, y, w, h);
        const int width = m * std::min(w, W / m - x), height = m * h;
        Image window = in.cropped(1, m * x, width + 2).cropped(2, m * y, height + 2);
        Image expected = whole.cropped(1, m * x, width).cropped(2, m * y, height);
        window.set_min(0, 0, 0, 0), expected.set_min(0, 0, 0, 0);
        const Image part = winograd_output(C, width, height, 1, m);
        convolve(kernels, window, filter, bias, true, part, m);
        CHECK(bool(bits(part) == bits(expected)));
    }
}

}  // namespace unet::test
