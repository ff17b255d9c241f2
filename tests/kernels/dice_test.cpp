// dice_sums and dice_input_grad.
#include "tests/kernels/bounds.h"
#include "tests/kernels/pixelwise.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

using ClassRowSums = Halide::Runtime::Buffer<float, 3>;

struct DiceSums {
    ClassRowSums overlap, size;
    explicit DiceSums(const Pixelwise &pixels)
        : overlap(filled(
              ClassRowSums(padded(pixels.classes), pixels.label.dim(1).extent(), pixels.label.dim(2).extent()), nan)),
          size(filled(ClassRowSums(padded(pixels.classes), pixels.label.dim(1).extent(), pixels.label.dim(2).extent()),
                      nan)) {}
};

void run_dice_sums(const Kernels &kernels, const Pixelwise &pixels, const DiceSums &sums) {
    run(kernels.dice_sums, pixels.scores, pixels.label, pixels.weight, pixels.classes, sums.overlap, sums.size);
}

// What pixel (x, y, n) adds to the sums of class `c`, its score of class `moved` moved by `step`.
std::pair<double, double> overlap_and_size(const Pixelwise &pixels, int c, int x, int y, int n, int moved = 0,
                                           double step = 0) {
    if (c >= pixels.classes) return {0, 0};
    const double p = std::exp(pixels.log_softmax(x, y, n, moved, step)[c]), t = pixels.label(x, y, n) == c;
    return {pixels.counted(x, y, n) * p * t, pixels.counted(x, y, n) * (p + t)};
}

Vector slopes(int classes, uint64_t seed) {
    Vector slopes(padded(classes));
    slopes.fill(0);
    Random values(seed, 0);
    for (int c = 0; c < classes; c++) slopes(c) = float(values.uniform(-1, 1));
    return slopes;
}

}  // namespace

TEST_CASE("dice_sums adds overlaps and sizes of each row", "[definition][dice]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [classes, W, H, N] =
        GENERATE(table<int, int, int, int>({{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {17, 35, 3, 1}}));
    CAPTURE(kernels.name, classes, W, H, N);
    const Pixelwise pixels(classes, W, H, N, 5);
    const DiceSums sums(pixels);

    run_dice_sums(kernels, pixels, sums);

    const int width = W;
    const auto overlap = [&](int c, int y, int n) {
        double sum = 0;
        for (int x = 0; x < width; x++) sum += overlap_and_size(pixels, c, x, y, n).first;
        return sum;
    };
    const auto size = [&](int c, int y, int n) {
        double sum = 0;
        for (int x = 0; x < width; x++) sum += overlap_and_size(pixels, c, x, y, n).second;
        return sum;
    };
    CHECK(max_difference(sums.overlap, overlap) <= rounding(classes + W) * 4);
    CHECK(max_difference(sums.size, size) <= rounding(classes + W) * 8);
}

TEST_CASE("dice_input_grad gives the gradient of a function of the sums and a share of the entropy",
          "[gradient][dice]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [classes, W, H, N] =
        GENERATE(table<int, int, int, int>({{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {17, 35, 3, 1}}));
    const float share = GENERATE(0.0f, 0.5f);
    CAPTURE(kernels.name, classes, W, H, N, share);
    const Pixelwise pixels(classes, W, H, N, 3);
    const Vector by_overlap = slopes(classes, 5), by_size = slopes(classes, 6);

    run(kernels.dice_input_grad, pixels.scores, pixels.label, pixels.weight, classes, by_overlap, by_size, share,
        pixels.d_in);

    constexpr double step = 1e-5;
    const int count = classes;
    const auto value = [&](int x, int y, int n, int moved, double by) {
        double sum = share * pixels.cross_entropy(x, y, n, moved, by);
        for (int c = 0; c < count; c++) {
            const auto [overlap, size] = overlap_and_size(pixels, c, x, y, n, moved, by);
            sum += by_overlap(c) * overlap + by_size(c) * size;
        }
        return sum;
    };
    const auto central_difference = [&](int c, int x, int y, int n) {
        if (c >= count) return 0.0;
        return (value(x, y, n, c, step) - value(x, y, n, c, -step)) / (2 * step);
    };
    CHECK(max_difference(pixels.d_in, central_difference) <= rounding(classes + 4) * 8);
    CHECK(padding_is_zero(pixels.d_in, classes));
}

TEST_CASE("the Dice kernels give exactly nothing for ignored pixels", "[definition][dice]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    Pixelwise pixels(3, 13, 9, 1, 5);
    pixels.label.fill(Pixelwise::ignored_label);
    const DiceSums sums(pixels);
    run_dice_sums(kernels, pixels, sums);
    run(kernels.dice_input_grad, pixels.scores, pixels.label, pixels.weight, 3, slopes(3, 1), slopes(3, 2), 1.0f,
        pixels.d_in);
    CHECK(max_difference(sums.overlap, [](int, int, int) { return 0.0; }) == 0);
    CHECK(max_difference(sums.size, [](int, int, int) { return 0.0; }) == 0);
    CHECK(max_difference(pixels.d_in, [](int, int, int, int) { return 0.0; }) == 0);
}

TEST_CASE("the Dice kernels read the pixels they sum or write", "[halo][dice]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(1, 6, 70);
    CAPTURE(kernels.name, W);
    Image in = unallocated(16, W, 5), d_in = unallocated(16, W, 5);
    Labels label(static_cast<uint8_t *>(nullptr), W, 5, 1);
    Weights weight(static_cast<float *>(nullptr), W, 5, 1);
    query(kernels.dice_input_grad, in, label, weight, 3, unallocated_bias(16), unallocated_bias(16), 1.0f, d_in);
    CHECK(width(in) == W);
    CHECK(height(in) == 5);
    CHECK(label.dim(0).extent() == W);
    CHECK(weight.dim(0).extent() == W);
}

TEST_CASE("the Dice kernels give the same bytes for any number of threads", "[repeat][dice]") {
    const Pixelwise pixels(5, 31, 37, 2, 10);
    const DiceSums sums(pixels);
    const Vector by_overlap = slopes(5, 1), by_size = slopes(5, 2);
    check_repeats([&](const Kernels &kernels) {
        run_dice_sums(kernels, pixels, sums);
        run(kernels.dice_input_grad, pixels.scores, pixels.label, pixels.weight, 5, by_overlap, by_size, 0.5f,
            pixels.d_in);
        return bits(sums.overlap, sums.size, pixels.d_in);
    });
}

}  // namespace unet::test
