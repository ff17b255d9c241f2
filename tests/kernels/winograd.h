// What tests of the Winograd kernels share.
#pragma once
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

/// How much larger the rounding errors of F(m x m, 3 x 3) are than those of the direct sum, in the worst pixel of a
/// tile, when values and roundings are independent. In one dimension the error of output i has the size sqrt(sum_u A(i,
/// u)^2 |G(u)|^2 |B(u)|^2), |.| the root of a row's sum of squares, that of the direct sum sqrt(3): 4.95 / 1.73 for m
/// = 4, 11.8 / 1.73 for m = 6. Both dimensions: the squares.
constexpr double winograd_growth(int m) { return m == 6 ? 46.3 : 8.2; }

/// Columns and rows of an image whose W x H outputs are computed in whole tiles of m x m.
inline Image winograd_input(int channels, int W, int H, int N, int m, uint64_t seed) {
    Image image(padded(channels), round_up(W, m) + 2, round_up(H, m) + 2, N);
    image.fill(0);
    random(image.cropped(0, 0, channels), seed);
    return image;
}

inline Image winograd_output(int channels, int W, int H, int N, int m) {
    return filled(Image(padded(channels), round_up(W, m), round_up(H, m), N), nan);
}

/// A gradient as the Winograd kernels read it: from pixel (-2, -2) on, 0 around its W x H pixels and in padding
/// channels.
inline Image bordered_gradient(int channels, int W, int H, int N, uint64_t seed) {
    Image image(padded(channels), W + 7, H + 7, N);
    image.fill(0);
    image.set_min(0, -2, -2, 0);
    random(image.cropped(0, 0, channels).cropped(1, 0, W).cropped(2, 0, H), seed);
    return image;
}

inline Filter transformed(const Kernels &kernels, const Filter &filter, int m) {
    Filter result(channel_block, filter.dim(3).extent(), m + 2, m + 2, filter.dim(4).extent());
    run(m == 4 ? kernels.winograd_filter4 : kernels.winograd_filter6, filter, result);
    return result;
}

}  // namespace unet::test
