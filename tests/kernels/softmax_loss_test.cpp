#include "tests/kernels/bounds.h"
#include "tests/kernels/pixelwise.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

void run_softmax_loss(const Kernels &kernels, const Pixelwise &pixels) {
    run(kernels.softmax_loss, pixels.scores, pixels.label, pixels.weight, pixels.classes, pixels.scale, pixels.d_in,
        pixels.row_loss);
}

}  // namespace

TEST_CASE("softmax_loss sums the weighted cross-entropy of each row", "[definition][softmax_loss]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [classes, W, H, N] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {5, 1, 17, 1}, {16, 6, 8, 2}, {17, 35, 3, 1}}));
    const float size = GENERATE(1.0f, 30.0f);
    CAPTURE(kernels.name, classes, W, H, N, size);
    const Pixelwise pixels(classes, W, H, N, size);

    run_softmax_loss(kernels, pixels);

    const int width = W;  // a structured binding cannot be captured
    const auto definition = [&](int y, int n) {
        double sum = 0;
        for (int x = 0; x < width; x++) sum += pixels.cross_entropy(x, y, n);
        return sum;
    };
    // Each pixel's loss is a difference of numbers up to `size` times a weight up to 1.5.
    CHECK(max_difference(pixels.row_loss, definition) <= rounding(classes + W) * 4 * size);
    CHECK(padding_is_zero(pixels.d_in, classes));
}

TEST_CASE("softmax_loss gives exactly nothing for ignored pixels and weights of 0", "[definition][softmax_loss]") {
    const Kernels kernels = GENERATE(each_family());
    const bool by_label = GENERATE(false, true);
    CAPTURE(kernels.name, by_label);
    Pixelwise pixels(3, 13, 9, 1, 5);
    if (by_label) pixels.label.fill(Pixelwise::ignored_label);
    else pixels.weight.fill(0);

    run_softmax_loss(kernels, pixels);

    CHECK(max_difference(pixels.row_loss, [](int, int) { return 0.0; }) == 0);
    CHECK(max_difference(pixels.d_in, [](int, int, int, int) { return 0.0; }) == 0);
}

TEST_CASE("softmax_loss gives the scaled gradient of its own loss", "[gradient][softmax_loss]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [classes, W, H, N] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {5, 1, 17, 1}, {16, 6, 8, 2}, {17, 35, 3, 1}}));
    const float size = GENERATE(1.0f, 30.0f);
    CAPTURE(kernels.name, classes, W, H, N, size);
    const Pixelwise pixels(classes, W, H, N, size);

    run_softmax_loss(kernels, pixels);

    // In double a central difference of step 1e-5 is good to 1e-10 of truncation and 1e-10 of rounding.
    constexpr double step = 1e-5;
    const int count = classes;
    const auto central_difference = [&](int c, int x, int y, int n) {
        if (c >= count) return 0.0;
        return pixels.scale * (pixels.cross_entropy(x, y, n, c, step) - pixels.cross_entropy(x, y, n, c, -step)) /
               (2 * step);
    };
    CHECK(max_difference(pixels.d_in, central_difference) <= rounding(classes + 4));
}

TEST_CASE("softmax_loss reads the pixels it writes", "[halo][softmax_loss]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71));
    CAPTURE(kernels.name, W);
    Image in = unallocated(16, W, 5), d_in = unallocated(16, W, 5);
    Labels label(static_cast<uint8_t *>(nullptr), W, 5, 1);
    Weights weight(static_cast<float *>(nullptr), W, 5, 1);
    Losses row_loss(static_cast<float *>(nullptr), 5, 1);

    query(kernels.softmax_loss, in, label, weight, 3, 1.0f, d_in, row_loss);

    CHECK(width(d_in) == W);
    CHECK(width(in) == W);
    CHECK(height(in) == 5);
    CHECK(label.dim(0).extent() == W);
    CHECK(weight.dim(0).extent() == W);
}

TEST_CASE("softmax_loss gives the same bytes for any number of threads", "[repeat][softmax_loss]") {
    const Pixelwise pixels(5, 31, 37, 2, 10);
    check_repeats([&](const Kernels &kernels) {
        run_softmax_loss(kernels, pixels);
        return bits(pixels.d_in, pixels.row_loss);
    });
}

}  // namespace unet::test
