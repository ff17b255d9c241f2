#include "tests/kernels/bounds.h"
#include "tests/kernels/pixelwise.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

void run_focal_loss(const Kernels &kernels, const Pixelwise &pixels, float focus) {
    run(kernels.focal_loss, pixels.scores, pixels.label, pixels.weight, pixels.classes, focus, pixels.scale,
        pixels.d_in, pixels.row_loss);
}

double focal(const Pixelwise &pixels, double focus, int x, int y, int n, int moved = 0, double step = 0) {
    if (pixels.counted(x, y, n) == 0) return 0;
    const double log_p = pixels.log_softmax(x, y, n, moved, step)[pixels.label(x, y, n)];
    return -pixels.counted(x, y, n) * std::pow(-std::expm1(log_p), focus) * log_p;
}

}  // namespace

TEST_CASE("focal_loss sums the focused cross-entropy of each row", "[definition][focal_loss]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [classes, W, H, N] =
        GENERATE(table<int, int, int, int>({{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {17, 35, 3, 1}}));
    const float size = GENERATE(1.0f, 30.0f), focus = GENERATE(0.0f, 0.5f, 2.0f, 5.0f);
    CAPTURE(kernels.name, classes, W, H, N, size, focus);
    const Pixelwise pixels(classes, W, H, N, size);

    run_focal_loss(kernels, pixels, focus);

    const int width = W;  // a structured binding cannot be captured
    const auto definition = [&](int y, int n) {
        double sum = 0;
        for (int x = 0; x < width; x++) sum += focal(pixels, focus, x, y, n);
        return sum;
    };
    // As softmax_loss; what is lost from 1 - p comes on top, times log p, which is as small there.
    CHECK(max_difference(pixels.row_loss, definition) <= rounding(classes + W) * 8 * size);
    CHECK(padding_is_zero(pixels.d_in, classes));
}

TEST_CASE("focal_loss gives the scaled gradient of its own loss", "[gradient][focal_loss]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [classes, W, H, N] =
        GENERATE(table<int, int, int, int>({{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {17, 35, 3, 1}}));
    const float size = GENERATE(1.0f, 30.0f), focus = GENERATE(0.0f, 1.0f, 2.0f, 5.0f);
    CAPTURE(kernels.name, classes, W, H, N, size, focus);
    const Pixelwise pixels(classes, W, H, N, size);

    run_focal_loss(kernels, pixels, focus);

    constexpr double step = 1e-5;
    const int count = classes;
    const auto central_difference = [&](int c, int x, int y, int n) {
        if (c >= count) return 0.0;
        return pixels.scale * (focal(pixels, focus, x, y, n, c, step) - focal(pixels, focus, x, y, n, c, -step)) /
               (2 * step);
    };
    CHECK(max_difference(pixels.d_in, central_difference) <= rounding(classes + 4) * (1 + focus) * 4);
}

TEST_CASE("focal_loss without focus is softmax_loss", "[definition][focal_loss]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const Pixelwise focused(3, 13, 9, 1, 5), plain(3, 13, 9, 1, 5);
    run_focal_loss(kernels, focused, 0);
    run(kernels.softmax_loss, plain.scores, plain.label, plain.weight, 3, plain.scale, plain.d_in, plain.row_loss);
    CHECK(max_difference(focused.row_loss, [&](int y, int n) { return plain.row_loss(y, n); }) <= rounding(20) * 5);
    CHECK(max_difference(focused.d_in, [&](int c, int x, int y, int n) { return plain.d_in(c, x, y, n); }) <=
          rounding(4));
}

TEST_CASE("focal_loss reads the pixels it writes", "[halo][focal_loss]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(1, 6, 70);
    CAPTURE(kernels.name, W);
    Image in = unallocated(16, W, 5), d_in = unallocated(16, W, 5);
    Labels label(static_cast<uint8_t *>(nullptr), W, 5, 1);
    Weights weight(static_cast<float *>(nullptr), W, 5, 1);
    Losses row_loss(static_cast<float *>(nullptr), 5, 1);
    query(kernels.focal_loss, in, label, weight, 3, 2.0f, 1.0f, d_in, row_loss);
    CHECK(width(in) == W);
    CHECK(height(in) == 5);
    CHECK(label.dim(0).extent() == W);
    CHECK(weight.dim(0).extent() == W);
}

TEST_CASE("focal_loss gives the same bytes for any number of threads", "[repeat][focal_loss]") {
    const Pixelwise pixels(5, 31, 37, 2, 10);
    check_repeats([&](const Kernels &kernels) {
        run_focal_loss(kernels, pixels, 2);
        return bits(pixels.d_in, pixels.row_loss);
    });
}

}  // namespace unet::test
