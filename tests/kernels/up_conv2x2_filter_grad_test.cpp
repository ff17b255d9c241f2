#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

auto form(const Kernels &kernels, bool by_rows) {
    return by_rows ? kernels.up_conv2x2_filter_grad_rows : kernels.up_conv2x2_filter_grad;
}

}  // namespace

TEST_CASE("up_conv2x2_filter_grad equals its definition on every target and for every size",
          "[definition][up_conv2x2_filter_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const bool by_rows = GENERATE(false, true);
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {3, 5, 7, 2}, {64, 32, 13, 9}, {16, 17, 6, 17}, {17, 48, 1, 8}, {48, 64, 35, 3}}));
    CAPTURE(kernels.name, by_rows, K, C, W, H);
    const Image in = columns(random_image({K, W, H}, 1), W), d_out = columns(random_image({C, 2 * W, 2 * H}, 2), 2 * W);
    const Filter d_filter = zero_filter(C, 2, padded(K));
    const Vector d_bias = zero_bias(C);

    run(form(kernels, by_rows), in, d_out, d_filter, d_bias, d_filter, d_bias);

    const int width = W, height = H;  // structured bindings cannot be captured
    const auto filter_definition = [&](int ci, int i, int j, int k, int block) {
        double sum = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                sum += double(d_out(block * channel_block + ci, 2 * x + i, 2 * y + j, 0)) * in(k, x, y, 0);
        return sum;
    };
    const auto bias_definition = [&](int c) {
        double sum = 0;
        for (int y = 0; y < 2 * height; y++)
            for (int x = 0; x < 2 * width; x++) sum += d_out(c, x, y, 0);
        return sum;
    };
    CHECK(max_difference(d_filter, filter_definition) <= rounding(W * H));
    CHECK(max_difference(d_bias, bias_definition) <= rounding(4 * W * H));
}

TEST_CASE("up_conv2x2_filter_grad is the adjoint of up_conv2x2 in its filter and bias",
          "[gradient][up_conv2x2_filter_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const bool by_rows = GENERATE(false, true);
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{16, 16, 1, 1}, {5, 17, 13, 9}, {64, 32, 6, 18}}));
    CAPTURE(kernels.name, by_rows, K, C, W, H);
    const Image in = random_image({K, W, H}, 1), fx = unset({C, 2 * W, 2 * H});
    const Image y = columns(random_image({C, 2 * W, 2 * H}, 2), 2 * W);
    const Filter filter = random_filter(C, 2, K, 3), d_filter = zero_filter(C, 2, padded(K));
    const Vector bias = random_bias(C, 4), d_bias = zero_bias(C);

    run(kernels.up_conv2x2, in, filter, bias, cells(fx, 2 * W));
    run(form(kernels, by_rows), columns(in, W), y, d_filter, d_bias, d_filter, d_bias);

    const double forward = inner_product(columns(fx, 2 * W), y);
    const double backward = inner_product(filter, d_filter) + inner_product(bias, d_bias);
    const double weights = norm(filter) + norm(bias);
    CHECK(std::abs(forward - backward) <= rounding(K + 1) * norm(y) + rounding(4 * W * H) * weights);
}

TEST_CASE("up_conv2x2_filter_grad reads no more than its images hold", "[halo][up_conv2x2_filter_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const bool by_rows = GENERATE(false, true);
    const int W = GENERATE(range(1, 71)), H = 1 + W * 5 % 37;
    CAPTURE(kernels.name, by_rows, W, H);
    Image in = unallocated(32, W, H), d_out = unallocated(16, 2 * W, 2 * H);
    Filter d_filter = unallocated_filter(2, 32, 1);
    Vector d_bias = unallocated_bias(16);

    query(form(kernels, by_rows), in, d_out, unallocated_filter(2, 32, 1), unallocated_bias(16), d_filter, d_bias);

    CHECK(width(in) == W);
    CHECK(height(in) == H);
    CHECK(width(d_out) == 2 * W);
    CHECK(height(d_out) == 2 * H);
}

TEST_CASE("up_conv2x2_filter_grad gives the same bytes for any number of threads", "[repeat][up_conv2x2_filter_grad]") {
    const Image in = columns(random_image({32, 31, 37}, 1), 31), d_out = columns(random_image({48, 62, 74}, 2), 62);
    const bool by_rows = GENERATE(false, true);
    check_repeats([&](const Kernels &kernels) {
        const Filter d_filter = zero_filter(48, 2, 32);
        const Vector d_bias = zero_bias(48);
        run(form(kernels, by_rows), in, d_out, d_filter, d_bias, d_filter, d_bias);
        return bits(d_filter, d_bias);
    });
}

TEST_CASE("up_conv2x2_filter_grad_rows gives the same bytes for any even number of rows a call",
          "[repeat][up_conv2x2_filter_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const auto [W, H] = GENERATE(table<int, int>({{31, 37}, {100, 12}}));
    const Image in = columns(random_image({32, W, H}, 1), W);
    const Image d_out = columns(random_image({48, 2 * W, 2 * H}, 2), 2 * W);
    const int height = H;
    const auto gradients = [&](int rows) {
        const Filter d_filter = zero_filter(48, 2, 32);
        const Vector d_bias = zero_bias(48);
        for (int y = 0; y < height; y += rows) {
            const int count = std::min(rows, height - y);
            run(kernels.up_conv2x2_filter_grad_rows, in.cropped(2, y, count).translated(2, -y),
                d_out.cropped(2, 2 * y, 2 * count).translated(2, -2 * y), d_filter, d_bias, d_filter, d_bias);
        }
        return bits(d_filter, d_bias);
    };
    for (const int rows : {2, 8, 30}) CHECK(bool(gradients(rows) == gradients(height)));
}

}  // namespace unet::test
