#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("conv3x3_pair equals its definition on every target and for every size", "[definition][conv3x3_pair]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [Ka, Kb, C, W, H, N] = GENERATE(table<int, int, int, int, int, int>({{1, 1, 1, 1, 1, 1},
                                                                                    {3, 5, 16, 7, 2, 2},
                                                                                    {16, 48, 17, 13, 9, 1},
                                                                                    {17, 16, 64, 6, 17, 1},
                                                                                    {32, 32, 48, 38, 3, 2}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, Ka, Kb, C, W, H, N, relu);
    const Image a = random_image({Ka, W + 2, H + 2, N}, 1), b = random_image({Kb, W + 2, H + 2, N}, 2),
                out = unset({C, W, H, N});
    const Filter filter_a = random_filter(C, 3, Ka, 3), filter_b = random_filter(C, 3, Kb, 4);
    const Vector bias = random_bias(C, 5);

    run(kernels.conv3x3_pair, a, b, filter_a, filter_b, bias, relu, tiles(out, W));

    const auto sum_of = [](const Image &in, const Filter &filter, int c, int x, int y, int n) {
        double sum = 0;
        for (int k = 0; k < in.dim(0).extent(); k++)
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 3; i++) sum += double(in(k, x + i, y + j, n)) * at(filter, c, i, j, k);
        return sum;
    };
    const auto definition = [&](int c, int x, int y, int n) {
        const double sum = bias(c) + sum_of(a, filter_a, c, x, y, n) + sum_of(b, filter_b, c, x, y, n);
        return relu ? std::max(sum, 0.0) : sum;
    };
    const Image result = columns(out, W);
    CHECK(max_difference(result, definition) <= rounding(9 * (Ka + Kb) + 1));
    CHECK(padding_is_zero(result, C));
}

TEST_CASE("conv3x3_pair reads two columns more of both inputs, which a cropped skip connection holds",
          "[halo][conv3x3_pair]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71));
    CAPTURE(kernels.name, W);
    const int whole = round_up(W, pixel_block);
    Image a = unallocated(16, 1, 1), b = unallocated(32, 1, 1), out = unallocated(16, whole, 4);
    Filter filter_a = unallocated_filter(3, 16, 1), filter_b = unallocated_filter(3, 32, 1);
    Vector bias = unallocated_bias(16);

    query(kernels.conv3x3_pair, a, b, filter_a, filter_b, bias, true, out);

    CHECK(width(out) == whole);
    CHECK(height(a) == 4 + 2);
    CHECK(height(b) == 4 + 2);
    CHECK(width(b) == whole + 2);
    CHECK(width(b) <= row_capacity(W + 2));
    CHECK(width(a) == whole + 2);
    // The skip connection is a centre crop: 4, 16, 40, 88 pixels from the border, from the deepest level up.
    for (int offset : {4, 16, 40, 88}) CHECK(width(a) <= row_capacity(W + 2 + 2 * offset) - offset);
}

TEST_CASE("conv3x3_pair gives the same bytes for any number of threads", "[repeat][conv3x3_pair]") {
    const Image a = random_image({17, 33, 19, 1}, 1), b = random_image({32, 33, 19, 1}, 2);
    const Filter filter_a = random_filter(48, 3, 17, 3), filter_b = random_filter(48, 3, 32, 4);
    const Vector bias = random_bias(48, 5);
    check_repeats([&](const Kernels &kernels) {
        const Image out = unset({48, 31, 17});
        run(kernels.conv3x3_pair, a, b, filter_a, filter_b, bias, true, tiles(out, 31));
        return bits(columns(out, 31));
    });
}

TEST_CASE("conv3x3_pair gives a pixel the same bytes wherever it stands in a tile", "[repeat][conv3x3_pair]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const int C = 32, W = 40, H = 21;
    const Image a = random_image({16, W + 2, H + 2}, 1), b = random_image({32, W + 2, H + 2}, 2),
                whole = unset({C, W, H});
    const Filter filter_a = random_filter(C, 3, 16, 3), filter_b = random_filter(C, 3, 32, 4);
    const Vector bias = random_bias(C, 5);
    run(kernels.conv3x3_pair, a, b, filter_a, filter_b, bias, true, tiles(whole, W));

    for (const auto &[x, y, w, h] : windows(W, H)) {
        CAPTURE(x, y, w, h);
        const Image part = unset({C, w, h});
        run(kernels.conv3x3_pair, copied_window(a, x, y, w + 2, h + 2), copied_window(b, x, y, w + 2, h + 2), filter_a,
            filter_b, bias, true, tiles(part, w));
        CHECK(bool(bits(columns(part, w)) == bits(columns(copied_window(whole, x, y, w, h), w))));
    }
}

}  // namespace unet::test
