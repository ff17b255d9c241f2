#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("conv1x1_filter_grad equals its definition on every target and for every size",
          "[definition][conv1x1_filter_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {3, 5, 7, 2}, {64, 2, 13, 9}, {16, 17, 6, 17}, {17, 48, 1, 8}, {48, 64, 38, 3}}));
    CAPTURE(kernels.name, K, C, W, H);
    const Image in = columns(random_image({K, W, H}, 1), W), d_out = columns(random_image({C, W, H}, 2), W);
    const Filter d_filter = zero_filter(C, 1, padded(K));
    const Vector d_bias = zero_bias(C);

    run(kernels.conv1x1_filter_grad, in, d_out, d_filter, d_bias, d_filter, d_bias);

    const int width = W, height = H;  // structured bindings cannot be captured
    const auto sum_over_pixels = [&](auto term) {
        double sum = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) sum += term(x, y);
        return sum;
    };
    CHECK(max_difference(d_filter, [&](int ci, int, int, int k, int block) {
              return sum_over_pixels(
                  [&](int x, int y) { return double(d_out(block * channel_block + ci, x, y, 0)) * in(k, x, y, 0); });
          }) <= rounding(W * H));
    CHECK(max_difference(d_bias, [&](int c) {
              return sum_over_pixels([&](int x, int y) { return d_out(c, x, y, 0); });
          }) <= rounding(W * H));
}

TEST_CASE("conv1x1_filter_grad is the adjoint of conv1x1 in its filter and bias", "[gradient][conv1x1_filter_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{16, 1, 1, 1}, {5, 17, 13, 9}, {64, 3, 31, 18}}));
    CAPTURE(kernels.name, K, C, W, H);
    const Image in = random_image({K, W, H}, 1), fx = unset({C, W, H}), y = columns(random_image({C, W, H}, 2), W);
    const Filter filter = random_filter(C, 1, K, 3), d_filter = zero_filter(C, 1, padded(K));
    const Vector bias = random_bias(C, 4), d_bias = zero_bias(C);

    run(kernels.conv1x1, in, filter, bias, tiles(fx, W));
    run(kernels.conv1x1_filter_grad, columns(in, W), y, d_filter, d_bias, d_filter, d_bias);

    const double forward = inner_product(columns(fx, W), y);
    const double backward = inner_product(filter, d_filter) + inner_product(bias, d_bias);
    const double weights = norm(filter) + norm(bias);
    CHECK(std::abs(forward - backward) <= rounding(K + 1) * norm(y) + rounding(W * H) * weights);
}

TEST_CASE("conv1x1_filter_grad reads no more than its images hold", "[halo][conv1x1_filter_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71)), H = 1 + W * 5 % 37;
    CAPTURE(kernels.name, W, H);
    Image in = unallocated(32, W, H), d_out = unallocated(16, W, H);
    Filter d_filter = unallocated_filter(1, 32, 1);
    Vector d_bias = unallocated_bias(16);

    query(kernels.conv1x1_filter_grad, in, d_out, unallocated_filter(1, 32, 1), unallocated_bias(16), d_filter, d_bias);

    CHECK(width(in) == W);
    CHECK(height(in) == H);
    CHECK(width(d_out) == W);
    CHECK(height(d_out) == H);
}

TEST_CASE("conv1x1_filter_grad gives the same bytes for any number of threads", "[repeat][conv1x1_filter_grad]") {
    const Image in = columns(random_image({64, 31, 37}, 1), 31), d_out = columns(random_image({3, 31, 37}, 2), 31);
    check_repeats([&](const Kernels &kernels) {
        const Filter d_filter = zero_filter(3, 1, 64);
        const Vector d_bias = zero_bias(3);
        run(kernels.conv1x1_filter_grad, in, d_out, d_filter, d_bias, d_filter, d_bias);
        return bits(d_filter, d_bias);
    });
}

TEST_CASE("conv1x1_filter_grad gives the same bytes for any number of rows a call", "[repeat][conv1x1_filter_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = 31, H = 37;
    const Image in = columns(random_image({64, W, H}, 1), W), d_out = columns(random_image({3, W, H}, 2), W);
    const auto gradients = [&](int rows) {
        const Filter d_filter = zero_filter(3, 1, 64);
        const Vector d_bias = zero_bias(3);
        for (int y = 0; y < H; y += rows) {
            const auto part = [&](const Image &image) {
                return image.cropped(2, y, std::min(rows, H - y)).translated(2, -y);
            };
            run(kernels.conv1x1_filter_grad, part(in), part(d_out), d_filter, d_bias, d_filter, d_bias);
        }
        return bits(d_filter, d_bias);
    };
    for (const int rows : {1, 8, 30}) CHECK(bool(gradients(rows) == gradients(H)));
}

}  // namespace unet::test
