#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("up_conv2x2 equals its definition on every target and for every size", "[definition][up_conv2x2]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1},
                                                                          {3, 5, 7, 2, 2},
                                                                          {64, 32, 13, 9, 1},
                                                                          {16, 17, 6, 17, 2},
                                                                          {17, 48, 1, 8, 1},
                                                                          {48, 64, 35, 3, 1}}));
    CAPTURE(kernels.name, K, C, W, H, N);
    const Image in = random_image({K, W, H, N}, 1), out = unset({C, 2 * W, 2 * H, N});
    const Filter filter = random_filter(C, 2, K, 2);
    const Vector bias = random_bias(C, 3);

    run(kernels.up_conv2x2, in, filter, bias, cells(out, 2 * W));

    const int inputs = K;  // a structured binding cannot be captured
    const auto definition = [&](int c, int x, int y, int n) {
        double sum = bias(c);
        for (int k = 0; k < inputs; k++) sum += double(in(k, x / 2, y / 2, n)) * at(filter, c, x % 2, y % 2, k);
        return sum;
    };
    const Image result = columns(out, 2 * W);
    CHECK(max_difference(result, definition) <= rounding(K + 1));
    CHECK(padding_is_zero(result, C));
}

TEST_CASE("up_conv2x2 reads half of the columns and rows that it writes", "[halo][up_conv2x2]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71)), whole = round_up(2 * W, 2 * pixel_block);
    CAPTURE(kernels.name, W);
    Image in = unallocated(32, 1, 1);
    TiledImage out = in_tiles(unallocated(16, whole, 10), 2);
    Filter filter = unallocated_filter(2, 32, 1);
    Vector bias = unallocated_bias(16);

    query(kernels.up_conv2x2, in, filter, bias, out);

    CHECK(out.dim(2).extent() == whole / 2);
    CHECK(out.dim(4).extent() == 5);
    CHECK(width(in) == whole / 2);
    CHECK(height(in) == 5);
    CHECK(whole <= row_capacity(2 * W));
    CHECK(whole / 2 <= row_capacity(W));
}

TEST_CASE("up_conv2x2 gives the same bytes for any number of threads", "[repeat][up_conv2x2]") {
    const Image in = random_image({32, 31, 37}, 1);
    const Filter filter = random_filter(48, 2, 32, 2);
    const Vector bias = random_bias(48, 3);
    check_repeats([&](const Kernels &kernels) {
        const Image out = unset({48, 62, 74});
        run(kernels.up_conv2x2, in, filter, bias, cells(out, 62));
        return bits(columns(out, 62));
    });
}

TEST_CASE("up_conv2x2 gives a pixel the same bytes wherever it stands in a tile", "[repeat][up_conv2x2]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const int C = 32, W = 40, H = 21;
    const Image in = random_image({32, W, H}, 1), whole = unset({C, 2 * W, 2 * H});
    const Filter filter = random_filter(C, 2, 32, 2);
    const Vector bias = random_bias(C, 3);
    run(kernels.up_conv2x2, in, filter, bias, cells(whole, 2 * W));

    for (const auto &[x, y, w, h] : windows(W, H)) {
        CAPTURE(x, y, w, h);
        const Image part = unset({C, 2 * w, 2 * h});
        run(kernels.up_conv2x2, copied_window(in, x, y, w, h), filter, bias, cells(part, 2 * w));
        CHECK(
            bool(bits(columns(part, 2 * w)) == bits(columns(copied_window(whole, 2 * x, 2 * y, 2 * w, 2 * h), 2 * w))));
    }
}

}  // namespace unet::test
