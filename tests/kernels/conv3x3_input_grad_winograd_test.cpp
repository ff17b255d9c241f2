#include "tests/kernels/winograd.h"

namespace unet::test {

namespace {

constexpr int m = 4;

/// d_in in whole tiles.
Image gradient(const Kernels &kernels, const Image &d_out, const Filter &filter, const Image &in, bool relu, int W,
               int H, bool deep = false) {
    const int C = d_out.dim(0).extent(), stored_inputs = filter.dim(3).extent();
    Filter turned(channel_block, C, m + 2, m + 2, stored_inputs / channel_block);
    run(kernels.winograd_turned_filter4, filter, turned);
    const Image d_in = winograd_output(stored_inputs, W + 2, H + 2, d_out.dim(3).extent(), m);
    const TiledImage tiles = in_tiles(d_in, m);
    run(deep ? kernels.conv3x3_input_grad_winograd4_deep : kernels.conv3x3_input_grad_winograd4, d_out,
        deep ? filter : turned, in, relu, tiles.dim(2).extent(), tiles.dim(4).extent(), tiles);
    return d_in;
}

/// An input of the layer, in whole tiles of its gradient.
Image input(int channels, int W, int H, int N, uint64_t seed) {
    Image in = winograd_output(channels, W + 2, H + 2, N, m);
    in.fill(0);
    random(in.cropped(0, 0, channels), seed);
    return in;
}

}  // namespace

TEST_CASE("conv3x3_input_grad_winograd equals the definition of the gradient",
          "[definition][conv3x3_input_grad_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>(
        {{1, 1, 1, 1, 1}, {3, 5, 7, 2, 2}, {17, 16, 13, 9, 1}, {64, 33, 5, 28, 1}, {16, 32, 121, 4, 1}}));
    const bool relu = GENERATE(false, true), deep = GENERATE(false, true);
    CAPTURE(kernels.name, K, C, W, H, N, relu, deep);
    const Image d_out = bordered_gradient(C, W, H, N, 1), in = input(K, W, H, N, 2);
    const Filter filter = random_filter(C, 3, K, 3);

    const Image d_in = gradient(kernels, d_out, filter, in, relu, W, H, deep);

    const auto definition = [&](int k, int x, int y, int n) {
        double sum = 0;
        if (relu && !(in(k, x, y, n) > 0)) return sum;
        for (int c = 0; c < C; c++)
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 3; i++) {
                    const int ox = x - i, oy = y - j;
                    if (ox < 0 || oy < 0 || ox >= W || oy >= H) continue;
                    sum += double(d_out(c, ox, oy, n)) * at(filter, c, i, j, k);
                }
        return sum;
    };
    const Image exact = d_in.cropped(1, 0, W + 2).cropped(2, 0, H + 2);
    CHECK(max_difference(exact, definition) <= winograd_growth(m) * rounding(9 * C));
    CHECK(padding_is_zero(exact, K));
}

TEST_CASE("conv3x3_input_grad_winograd is the adjoint of conv3x3", "[gradient][conv3x3_input_grad_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const int K = 17, C = 33, W = 22, H = 13;
    const Image in = random_image({K, W + 2, H + 2}, 1), out = unset({C, W, H}),
                d_out = bordered_gradient(C, W, H, 1, 2);
    const Filter filter = random_filter(C, 3, K, 3);
    run(kernels.conv3x3, in, filter, filled(Vector(padded(C)), 0), false, tiles(out, W));
    const Image own_out = columns(out, W), own_d_out = d_out.cropped(1, 0, W).cropped(2, 0, H);

    const Image d_in = gradient(kernels, d_out, filter, input(K, W, H, 1, 4), false, W, H);

    const Image own_in = columns(in, W + 2), own_d_in = d_in.cropped(1, 0, W + 2).cropped(2, 0, H + 2);
    // Each side errs by a rounding in every element, times the other factor's norm.
    const double tolerance = rounding(9 * K) * norm(own_d_out) + winograd_growth(m) * rounding(9 * C) * norm(own_in);
    CHECK(std::abs(inner_product(own_out, own_d_out) - inner_product(own_in, own_d_in)) <= tolerance);
}

TEST_CASE("conv3x3_input_grad_winograd gives the same bytes for any number of threads, and if it transforms the filter",
          "[repeat][conv3x3_input_grad_winograd]") {
    // The second: so many channels that tasks are longer.
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{80, 48, 61, 19}, {528, 512, 28, 25}}));
    const Image d_out = bordered_gradient(C, W, H, 1, 1), in = input(K, W, H, 1, 2);
    const Filter filter = random_filter(C, 3, K, 3);
    const int width = W, height = H;  // structured bindings cannot be captured
    const auto computed = [&](const Kernels &kernels, bool deep) {
        return bits(gradient(kernels, d_out, filter, in, true, width, height, deep));
    };
    check_repeats([&](const Kernels &kernels) { return computed(kernels, false); });
    check_repeats([&](const Kernels &kernels) { return computed(kernels, true); });
    for (const Kernels &kernels : available_kernels()) CHECK(bool(computed(kernels, false) == computed(kernels, true)));
}

}  // namespace unet::test
