#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

using Labels = Halide::Runtime::Buffer<uint8_t, 3>;
using Weights = Halide::Runtime::Buffer<float, 3>;
using Losses = Halide::Runtime::Buffer<float, 2>;

/// Scores, labels and weights of pixels; some labels are ignored, some weights are 0.
struct Pixelwise {
    int classes;
    Image scores;
    Labels label;
    Weights weight;
    float scale = 0.25f;
    Image d_in;
    Losses row_loss;

    Pixelwise(int classes, int W, int H, int N, float size)
        : classes(classes), scores(columns(random_image({classes, W, H, N}, 1), W)), label(W, H, N),
          weight(random(Weights(W, H, N), 2)), d_in(columns(unset({classes, W, H, N}), W)),
          row_loss(filled(Losses(H, N), nan)) {
        scores.for_each_value([&](float &score) { score *= size; });
        Random values(3, 0);
        label.for_each_value([&](uint8_t &value) {
            const auto drawn = values.below(classes + 3);  // one past the last class counts nothing either
            value = drawn <= uint64_t(classes) ? uint8_t(drawn) : ignored_label;
        });
        weight.for_each_value([&](float &value) { value = value < -0.5f ? 0 : value + 0.5f; });
    }
    static constexpr uint8_t ignored_label = 255;

    void run_on(const Kernels &kernels) const {
        run(kernels.softmax_loss, scores, label, weight, classes, scale, d_in, row_loss);
    }

    double counted(int x, int y, int n) const { return label(x, y, n) < classes ? weight(x, y, n) : 0; }

    /// Loss of a pixel in double, with its score of class `moved` moved by `step`.
    double loss(int x, int y, int n, int moved = 0, double step = 0) const {
        if (counted(x, y, n) == 0) return 0;
        const auto score = [&](int c) { return scores(c, x, y, n) + (c == moved ? step : 0); };
        double largest = score(0), total = 0;
        for (int c = 1; c < classes; c++) largest = std::max(largest, score(c));
        for (int c = 0; c < classes; c++) total += std::exp(score(c) - largest);
        return counted(x, y, n) * (std::log(total) + largest - score(label(x, y, n)));
    }
};

}  // namespace

TEST_CASE("softmax_loss sums the weighted cross-entropy of each row", "[definition][softmax_loss]") {
    const Kernels kernels = GENERATE(each_target());
    const auto [classes, W, H, N] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {5, 1, 17, 1}, {16, 6, 8, 2}, {17, 35, 3, 1}}));
    const float size = GENERATE(1.0f, 30.0f);
    CAPTURE(kernels.name, classes, W, H, N, size);
    const Pixelwise pixels(classes, W, H, N, size);

    pixels.run_on(kernels);

    const int width = W;  // a structured binding cannot be captured
    const auto definition = [&](int y, int n) {
        double sum = 0;
        for (int x = 0; x < width; x++) sum += pixels.loss(x, y, n);
        return sum;
    };
    // Each pixel's loss is a difference of numbers up to `size` times a weight up to 1.5.
    CHECK(max_difference(pixels.row_loss, definition) <= rounding(classes + W) * 4 * size);
    CHECK(padding_is_zero(pixels.d_in, classes));
}

TEST_CASE("softmax_loss gives exactly nothing for ignored pixels and weights of 0", "[definition][softmax_loss]") {
    const Kernels kernels = GENERATE(each_target());
    const bool by_label = GENERATE(false, true);
    CAPTURE(kernels.name, by_label);
    Pixelwise pixels(3, 13, 9, 1, 5);
    if (by_label) pixels.label.fill(Pixelwise::ignored_label);
    else pixels.weight.fill(0);

    pixels.run_on(kernels);

    CHECK(max_difference(pixels.row_loss, [](int, int) { return 0.0; }) == 0);
    CHECK(max_difference(pixels.d_in, [](int, int, int, int) { return 0.0; }) == 0);
}

TEST_CASE("softmax_loss gives the scaled gradient of its own loss", "[gradient][softmax_loss]") {
    const Kernels kernels = GENERATE(each_target());
    const auto [classes, W, H, N] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {5, 1, 17, 1}, {16, 6, 8, 2}, {17, 35, 3, 1}}));
    const float size = GENERATE(1.0f, 30.0f);
    CAPTURE(kernels.name, classes, W, H, N, size);
    const Pixelwise pixels(classes, W, H, N, size);

    pixels.run_on(kernels);

    // In double a central difference of step 1e-5 is good to 1e-10 of truncation and 1e-10 of rounding.
    constexpr double step = 1e-5;
    const int count = classes;
    const auto central_difference = [&](int c, int x, int y, int n) {
        if (c >= count) return 0.0;
        return pixels.scale * (pixels.loss(x, y, n, c, step) - pixels.loss(x, y, n, c, -step)) / (2 * step);
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
        pixels.run_on(kernels);
        return bits(pixels.d_in, pixels.row_loss);
    });
}

}  // namespace unet::test
