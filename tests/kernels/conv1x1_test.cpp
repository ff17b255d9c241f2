#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("conv1x1 equals its definition on every target and for every size", "[definition][conv1x1]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1},
                                                                          {3, 5, 7, 2, 2},
                                                                          {64, 2, 13, 9, 1},
                                                                          {16, 17, 6, 17, 2},
                                                                          {17, 48, 1, 8, 1},
                                                                          {48, 64, 38, 3, 1}}));
    CAPTURE(kernels.name, K, C, W, H, N);
    const Image in = random_image({K, W, H, N}, 1), out = unset({C, W, H, N});
    const Filter filter = random_filter(C, 1, K, 2);
    const Vector bias = random_bias(C, 3);

    run(kernels.conv1x1, in, filter, bias, tiles(out, W));

    const int inputs = K;  // a structured binding cannot be captured
    const auto definition = [&](int c, int x, int y, int n) {
        double sum = bias(c);
        for (int k = 0; k < inputs; k++) sum += double(in(k, x, y, n)) * at(filter, c, 0, 0, k);
        return sum;
    };
    const Image result = columns(out, W);
    CHECK(max_difference(result, definition) <= rounding(K + 1));
    CHECK(padding_is_zero(result, C));
}

TEST_CASE("conv1x1 reads the pixels it writes", "[halo][conv1x1]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71)), whole = round_up(W, pixel_block);
    CAPTURE(kernels.name, W);
    Image in = unallocated(32, 1, 1), out = unallocated(16, whole, 5);
    Filter filter = unallocated_filter(1, 32, 1);
    Vector bias = unallocated_bias(16);

    query(kernels.conv1x1, in, filter, bias, out);

    CHECK(width(out) == whole);
    CHECK(width(in) == whole);
    CHECK(height(in) == 5);
    CHECK(whole <= row_capacity(W));
}

TEST_CASE("conv1x1 gives the same bytes for any number of threads", "[repeat][conv1x1]") {
    const Image in = random_image({64, 31, 37}, 1);
    const Filter filter = random_filter(3, 1, 64, 2);
    const Vector bias = random_bias(3, 3);
    check_repeats([&](const Kernels &kernels) {
        const Image out = unset({3, 31, 37});
        run(kernels.conv1x1, in, filter, bias, tiles(out, 31));
        return bits(columns(out, 31));
    });
}

TEST_CASE("conv1x1 gives a pixel the same bytes wherever it stands in a tile", "[repeat][conv1x1]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const int W = 40, H = 21;
    const Image in = random_image({48, W, H}, 1), whole = unset({2, W, H});
    const Filter filter = random_filter(2, 1, 48, 2);
    const Vector bias = random_bias(2, 3);
    run(kernels.conv1x1, in, filter, bias, tiles(whole, W));

    for (const auto &[x, y, w, h] : windows(W, H)) {
        CAPTURE(x, y, w, h);
        const Image part = unset({2, w, h});
        run(kernels.conv1x1, copied_window(in, x, y, w, h), filter, bias, tiles(part, w));
        CHECK(bool(bits(columns(part, w)) == bits(columns(copied_window(whole, x, y, w, h), w))));
    }
}

}  // namespace unet::test
