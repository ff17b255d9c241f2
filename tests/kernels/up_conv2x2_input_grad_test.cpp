#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("up_conv2x2_input_grad equals its definition on every target and for every size",
          "[definition][up_conv2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1},
                                                                          {3, 5, 7, 2, 2},
                                                                          {64, 32, 13, 9, 1},
                                                                          {16, 17, 6, 17, 2},
                                                                          {17, 48, 1, 8, 1},
                                                                          {48, 64, 35, 3, 1}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, K, C, W, H, N, relu);
    const Image d_out = random_image({C, 2 * W, 2 * H, N}, 1), d_in = unset({K, W, H, N}),
                in = random_image({K, W, H, N}, 3);
    const Filter filter = random_filter(C, 2, K, 2);

    run(kernels.up_conv2x2_input_grad, d_out, filter, tiles(in, W), relu, tiles(d_in, W));

    const int outputs = C;  // a structured binding cannot be captured
    const auto definition = [&](int k, int x, int y, int n) {
        double sum = 0;
        if (relu && !(in(k, x, y, n) > 0)) return sum;
        for (int c = 0; c < outputs; c++)
            for (int j = 0; j < 2; j++)
                for (int i = 0; i < 2; i++) sum += double(d_out(c, 2 * x + i, 2 * y + j, n)) * at(filter, c, i, j, k);
        return sum;
    };
    const Image result = columns(d_in, W);
    CHECK(max_difference(result, definition) <= rounding(4 * C));
    CHECK(padding_is_zero(result, K));
}

TEST_CASE("up_conv2x2_input_grad is the adjoint of up_conv2x2", "[gradient][up_conv2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{16, 16, 1, 1}, {5, 17, 13, 9}, {64, 32, 6, 18}}));
    CAPTURE(kernels.name, K, C, W, H);
    const Image x = random_image({K, W, H}, 1), y = random_image({C, 2 * W, 2 * H}, 2);
    const Image fx = unset({C, 2 * W, 2 * H}), d_in = unset({K, W, H});
    const Filter filter = random_filter(C, 2, K, 3);

    run(kernels.up_conv2x2, x, filter, filled(unset_bias(C), 0), cells(fx, 2 * W));
    run(kernels.up_conv2x2_input_grad, y, filter, tiles(x, W), false, tiles(d_in, W));

    const double forward = inner_product(columns(fx, 2 * W), columns(y, 2 * W));
    const double backward = inner_product(columns(x, W), columns(d_in, W));
    const double bound = rounding(K) * norm(columns(y, 2 * W)) + rounding(4 * C) * norm(columns(x, W));
    CHECK(std::abs(forward - backward) <= bound);
}

TEST_CASE("up_conv2x2_input_grad reads twice the columns and rows that it writes", "[halo][up_conv2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71)), whole = round_up(W, pixel_block);
    CAPTURE(kernels.name, W);
    Image d_out = unallocated(16, 1, 1), in = unallocated(32, 1, 1), d_in = unallocated(32, whole, 5);
    Filter filter = unallocated_filter(2, 32, 1);

    query(kernels.up_conv2x2_input_grad, d_out, filter, in, true, d_in);

    CHECK(width(d_in) == whole);
    CHECK(width(in) == whole);
    CHECK(width(d_out) == 2 * whole);
    CHECK(height(d_out) == 10);
    CHECK(whole <= row_capacity(W));
    CHECK(2 * whole <= row_capacity(2 * W));
}

TEST_CASE("up_conv2x2_input_grad gives the same bytes for any number of threads", "[repeat][up_conv2x2_input_grad]") {
    const Image d_out = random_image({48, 62, 74}, 1);
    const Filter filter = random_filter(48, 2, 32, 2);
    check_repeats([&](const Kernels &kernels) {
        const Image d_in = unset({32, 31, 37}), in = random_image({32, 31, 37}, 4);
        run(kernels.up_conv2x2_input_grad, d_out, filter, tiles(in, 31), true, tiles(d_in, 31));
        return bits(columns(d_in, 31));
    });
}

}  // namespace unet::test
