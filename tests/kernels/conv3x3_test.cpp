#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

/// The image a layer reads for an output of C x W x H: K channels, padded unless it is the network's input.
Image random_layer_input(int K, int W, int H, int N, uint64_t seed) {
    const Shape shape{K, W + 2, H + 2, N};
    return K < 5 ? random_input(shape, seed) : random_image(shape, seed);
}

}  // namespace

TEST_CASE("conv3x3 equals its definition on every family and for every size", "[definition][conv3x3]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H, N] = GENERATE(table<int, int, int, int, int>({{1, 1, 1, 1, 1},
                                                                          {3, 5, 7, 2, 2},
                                                                          {1, 64, 13, 9, 1},
                                                                          {2, 16, 6, 17, 2},
                                                                          {4, 3, 70, 1, 1},
                                                                          {16, 17, 6, 8, 2},
                                                                          {17, 48, 1, 17, 1},
                                                                          {32, 16, 12, 1, 2},
                                                                          {48, 32, 35, 3, 1},
                                                                          {64, 64, 19, 10, 1},
                                                                          {16, 128, 5, 5, 1}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, K, C, W, H, N, relu);
    const Image in = random_layer_input(K, W, H, N, 1), out = unset({C, W, H, N});
    const Filter filter = random_filter(C, 3, K, in.dim(0).extent(), 2);
    const Vector bias = random_bias(C, 3);

    run(kernels.conv3x3, in, filter, bias, relu, tiles(out, W));

    const int inputs = K;  // a structured binding cannot be captured
    const auto definition = [&](int c, int x, int y, int n) {
        double sum = bias(c);
        for (int k = 0; k < inputs; k++)
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 3; i++) sum += double(in(k, x + i, y + j, n)) * at(filter, c, i, j, k);
        return relu ? std::max(sum, 0.0) : sum;
    };
    const Image result = columns(out, W);
    CHECK(max_difference(result.cropped(0, 0, C), definition) <= rounding(9 * K + 1));
    CHECK(padding_is_zero(result, C));
}

TEST_CASE("conv3x3 reads two columns and two rows more than it writes", "[halo][conv3x3]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71));
    CAPTURE(kernels.name, W);
    const int whole = round_up(W, pixel_block);
    Image in = unallocated(16, 1, 1), out = unallocated(32, whole, 5);
    Filter filter = unallocated_filter(3, 16, 2);
    Vector bias = unallocated_bias(32);

    query(kernels.conv3x3, in, filter, bias, true, out);

    CHECK(width(out) == whole);
    CHECK(width(in) == whole + 2);
    CHECK(height(in) == 5 + 2);
    CHECK(whole <= row_capacity(W));
    CHECK(whole + 2 <= row_capacity(W + 2));
    CHECK(bias.dim(0).extent() == 32);
    CHECK(filter.dim(4).extent() == 2);
}

TEST_CASE("conv3x3 gives the same bytes for any number of threads", "[repeat][conv3x3]") {
    const Image in = random_image({17, 33, 39, 2}, 1);
    const Filter filter = random_filter(48, 3, 17, 2);
    const Vector bias = random_bias(48, 3);
    check_repeats([&](const Kernels &kernels) {
        const Image out = unset({48, 31, 37, 2});
        run(kernels.conv3x3, in, filter, bias, true, tiles(out, 31));
        return bits(columns(out, 31));
    });
}

TEST_CASE("conv3x3 gives a pixel the same bytes wherever it stands in a tile", "[repeat][conv3x3]") {
    const Kernels kernels = GENERATE(each_family());
    const int K = GENERATE(1, 3, 16, 48);
    CAPTURE(kernels.name, K);
    const int C = 48, W = 40, H = 21;
    const Image in = random_layer_input(K, W, H, 1, 1), whole = unset({C, W, H});
    const Filter filter = random_filter(C, 3, K, in.dim(0).extent(), 2);
    const Vector bias = random_bias(C, 3);
    run(kernels.conv3x3, in, filter, bias, true, tiles(whole, W));

    for (const auto &[x, y, w, h] : windows(W, H)) {
        CAPTURE(x, y, w, h);
        const Image part = unset({C, w, h});
        run(kernels.conv3x3, copied_window(in, x, y, w + 2, h + 2), filter, bias, true, tiles(part, w));
        CHECK(bool(bits(columns(part, w)) == bits(columns(copied_window(whole, x, y, w, h), w))));
    }
}

}  // namespace unet::test
