#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("conv3x3_input_grad equals its definition on every target and for every size",
          "[definition][conv3x3_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1},
                                                                          {3, 5, 7, 2, 2},
                                                                          {64, 16, 13, 9, 1},
                                                                          {16, 17, 6, 17, 1},
                                                                          {17, 48, 1, 8, 2},
                                                                          {48, 32, 34, 3, 1},
                                                                          {32, 64, 4, 10, 1}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, K, C, W, H, N, relu);
    const Image d_out = columns(random_image({C, W, H, N}, 1), W), out = columns(random_image({C, W, H, N}, 2), W);
    const Filter filter = random_filter(C, 3, K, 3);
    const Image d_in = unset({K, W + 2, H + 2, N});

    run(kernels.conv3x3_input_grad, d_out, out, filter, relu, tiles(d_in, W + 2));

    const int outputs = C, width = W, height = H;  // structured bindings cannot be captured
    const auto masked = [&](int c, int x, int y, int n) -> double {
        if (x < 0 || y < 0 || x >= width || y >= height) return 0;
        return relu && out(c, x, y, n) <= 0 ? 0 : d_out(c, x, y, n);
    };
    const auto definition = [&](int k, int x, int y, int n) {
        double sum = 0;
        for (int c = 0; c < outputs; c++)
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 3; i++) sum += masked(c, x - i, y - j, n) * at(filter, c, i, j, k);
        return sum;
    };
    const Image result = columns(d_in, W + 2);
    CHECK(max_difference(result, definition) <= rounding(9 * C));
    CHECK(padding_is_zero(result, K));
}

TEST_CASE("conv3x3_input_grad passes nothing where the ReLU's output is exactly 0",
          "[definition][conv3x3_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const Image d_out = columns(random_image({16, 5, 4}, 1), 5), zero = filled(Image(16, 5, 4, 1), 0);
    const Image d_in = unset({16, 7, 6});

    run(kernels.conv3x3_input_grad, d_out, zero, random_filter(16, 3, 16, 2), true, tiles(d_in, 7));

    CHECK(max_difference(columns(d_in, 7), [](auto...) { return 0.0; }) == 0.0);
}

TEST_CASE("conv3x3_input_grad is the adjoint of conv3x3", "[gradient][conv3x3_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{16, 16, 1, 1}, {5, 17, 13, 9}, {48, 32, 6, 18}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, K, C, W, H, relu);
    const Image x = random_image({K, W + 2, H + 2}, 1), fx = unset({C, W, H}), d_in = unset({K, W + 2, H + 2});
    const Image out = columns(random_image({C, W, H}, 2), W);
    Image y = columns(random_image({C, W, H}, 3), W);
    const Filter filter = random_filter(C, 3, K, 4);

    run(kernels.conv3x3, x, filter, filled(unset_bias(C), 0), false, tiles(fx, W));
    run(kernels.conv3x3_input_grad, y, out, filter, relu, tiles(d_in, W + 2));

    if (relu)  // the derivative of the ReLU, a diagonal, is its own adjoint
        for_each_position(y, [&](int c, int x, int y_, int n) { y(c, x, y_, n) *= out(c, x, y_, n) > 0; });
    const double forward = inner_product(columns(fx, W), y),
                 backward = inner_product(columns(x, W + 2), columns(d_in, W + 2));
    CHECK(std::abs(forward - backward) <= rounding(9 * K) * norm(y) + rounding(9 * C) * norm(columns(x, W + 2)));
}

TEST_CASE("conv3x3_input_grad is the adjoint of conv3x3_pair, one input after the other",
          "[gradient][conv3x3_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const int Ka = 17, Kb = 32, C = 48, W = 15, H = 10;
    const Image a = random_image({Ka, W + 2, H + 2}, 1), b = random_image({Kb, W + 2, H + 2}, 2), fx = unset({C, W, H});
    const Image y = columns(random_image({C, W, H}, 3), W), d_a = unset({Ka, W + 2, H + 2}),
                d_b = unset({Kb, W + 2, H + 2});
    const Filter filter_a = random_filter(C, 3, Ka, 4), filter_b = random_filter(C, 3, Kb, 5);

    run(kernels.conv3x3_pair, a, b, filter_a, filter_b, filled(unset_bias(C), 0), false, tiles(fx, W));
    run(kernels.conv3x3_input_grad, y, y, filter_a, false, tiles(d_a, W + 2));
    run(kernels.conv3x3_input_grad, y, y, filter_b, false, tiles(d_b, W + 2));

    const auto inner = [&](const Image &x, const Image &d_x) {
        return inner_product(columns(x, W + 2), columns(d_x, W + 2));
    };
    const double forward = inner_product(columns(fx, W), y), backward = inner(a, d_a) + inner(b, d_b);
    const double inputs = norm(columns(a, W + 2)) + norm(columns(b, W + 2));
    CHECK(std::abs(forward - backward) <= rounding(9 * (Ka + Kb)) * norm(y) + rounding(9 * C) * inputs);
}

TEST_CASE("conv3x3_input_grad writes two columns more than it reads, in whole tiles", "[halo][conv3x3_input_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 69));
    CAPTURE(kernels.name, W);
    Image d_out = unallocated(16, W, 5), out = unallocated(16, W, 5),
          d_in = unallocated(32, round_up(W + 2, pixel_block), 7);
    Filter filter = unallocated_filter(3, 32, 1);

    query(kernels.conv3x3_input_grad, d_out, out, filter, true, d_in);

    CHECK(width(d_in) == round_up(W + 2, pixel_block));
    CHECK(width(d_in) <= row_capacity(W + 2));
    CHECK(width(d_out) <= W);  // outside it counts as 0
    CHECK(height(d_out) <= 5);
    CHECK(width(out) <= W);
    CHECK(height(out) <= 5);
}

TEST_CASE("conv3x3_input_grad gives the same bytes for any number of threads", "[repeat][conv3x3_input_grad]") {
    const Image d_out = columns(random_image({48, 31, 37, 2}, 1), 31),
                out = columns(random_image({48, 31, 37, 2}, 2), 31);
    const Filter filter = random_filter(48, 3, 17, 3);
    check_repeats([&](const Kernels &kernels) {
        const Image d_in = unset({17, 33, 39, 2});
        run(kernels.conv3x3_input_grad, d_out, out, filter, true, tiles(d_in, 33));
        return bits(columns(d_in, 33));
    });
}

}  // namespace unet::test
