#include "tests/kernels/winograd.h"

namespace unet::test {

TEST_CASE("conv3x3_pair_winograd is conv3x3 of both inputs one above the other",
          "[definition][conv3x3_pair_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    const int m = GENERATE(4, 6);
    const auto [Ka, Kb, C, W, H, N] = GENERATE(table<int, int, int, int, int, int>(
        {{1, 1, 1, 1, 1, 1}, {3, 5, 16, 7, 2, 2}, {16, 48, 17, 13, 9, 1}, {17, 16, 64, 57, 17, 1}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, m, Ka, Kb, C, W, H, N, relu);
    const Image a = winograd_input(Ka, W, H, N, m, 1), b = winograd_input(Kb, W, H, N, m, 2),
                out = winograd_output(C, W, H, N, m);
    const Filter filter_a = random_filter(C, 3, Ka, 3), filter_b = random_filter(C, 3, Kb, 4);
    const Vector bias = random_bias(C, 5);
    const TiledImage tiles = in_tiles(out, m);

    run(m == 4 ? kernels.conv3x3_pair_winograd4 : kernels.conv3x3_pair_winograd6, a, b,
        transformed(kernels, filter_a, m), transformed(kernels, filter_b, m), bias, relu, tiles.dim(2).extent(),
        tiles.dim(4).extent(), tiles);

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
    CHECK(max_difference(out, definition) <= winograd_growth(m) * rounding(9 * (Ka + Kb) + 1));
    CHECK(padding_is_zero(out, C));
}

}  // namespace unet::test
