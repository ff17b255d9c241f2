#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("conv1x1_input_grad equals its definition on every target and for every size",
          "[definition][conv1x1_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1},
                                                                          {3, 5, 7, 2, 2},
                                                                          {64, 2, 13, 9, 1},
                                                                          {16, 17, 6, 17, 2},
                                                                          {17, 48, 1, 8, 1},
                                                                          {48, 64, 38, 3, 1}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, K, C, W, H, N, relu);
    const Image d_out = random_image({C, W, H, N}, 1), d_in = unset({K, W, H, N}), in = random_image({K, W, H, N}, 3);
    const Filter filter = random_filter(C, 1, K, 2);

    run(kernels.conv1x1_input_grad, d_out, filter, tiles(in, W), relu, tiles(d_in, W));

    const int outputs = C;  // a structured binding cannot be captured
    const auto definition = [&](int k, int x, int y, int n) {
        double sum = 0;
        if (relu && !(in(k, x, y, n) > 0)) return sum;
        for (int c = 0; c < outputs; c++) sum += double(d_out(c, x, y, n)) * at(filter, c, 0, 0, k);
        return sum;
    };
    const Image result = columns(d_in, W);
    CHECK(max_difference(result, definition) <= rounding(C));
    CHECK(padding_is_zero(result, K));
}

TEST_CASE("conv1x1_input_grad is the adjoint of conv1x1", "[gradient][conv1x1_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{16, 1, 1, 1}, {5, 17, 13, 9}, {64, 3, 31, 18}}));
    CAPTURE(kernels.name, K, C, W, H);
    const Image x = random_image({K, W, H}, 1), y = random_image({C, W, H}, 2), fx = unset({C, W, H}),
                d_in = unset({K, W, H});
    const Filter filter = random_filter(C, 1, K, 3);

    run(kernels.conv1x1, x, filter, filled(unset_bias(C), 0), tiles(fx, W));
    run(kernels.conv1x1_input_grad, y, filter, tiles(x, W), false, tiles(d_in, W));

    const double forward = inner_product(columns(fx, W), columns(y, W));
    const double backward = inner_product(columns(x, W), columns(d_in, W));
    const double bound = rounding(K) * norm(columns(y, W)) + rounding(C) * norm(columns(x, W));
    CHECK(std::abs(forward - backward) <= bound);
}

TEST_CASE("conv1x1_input_grad reads the pixels it writes", "[halo][conv1x1_input_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71)), whole = round_up(W, pixel_block);
    CAPTURE(kernels.name, W);
    Image d_out = unallocated(16, 1, 1), in = unallocated(32, 1, 1), d_in = unallocated(32, whole, 5);
    Filter filter = unallocated_filter(1, 32, 1);

    query(kernels.conv1x1_input_grad, d_out, filter, in, true, d_in);

    CHECK(width(d_in) == whole);
    CHECK(width(in) == whole);
    CHECK(width(d_out) == whole);
    CHECK(height(d_out) == 5);
    CHECK(whole <= row_capacity(W));
}

TEST_CASE("conv1x1_input_grad gives the same bytes for any number of threads", "[repeat][conv1x1_input_grad]") {
    const Image d_out = random_image({3, 31, 37}, 1);
    const Filter filter = random_filter(3, 1, 64, 2);
    check_repeats([&](const Kernels &kernels) {
        const Image d_in = unset({64, 31, 37}), in = random_image({64, 31, 37}, 4);
        run(kernels.conv1x1_input_grad, d_out, filter, tiles(in, 31), true, tiles(d_in, 31));
        return bits(columns(d_in, 31));
    });
}

}  // namespace unet::test
