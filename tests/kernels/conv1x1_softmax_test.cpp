#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

/// What the network's last layer writes: [classes, W, H, N], nothing padded.
Image classes_image(int classes, int W, int H, int N) { return filled(Image(classes, W, H, N), nan); }

/// Scores of `size`, and the layer that passes them on as they are.
struct Scores {
    int classes, W, H, N;
    Image in;
    Filter filter;
    Vector bias;

    Scores(int classes, int W, int H, int N, double size, uint64_t seed)
        : classes(classes), W(W), H(H), N(N), in(random_image({classes, W, H, N}, seed)),
          filter(random_filter(classes, 1, classes, 1)), bias(filled(unset_bias(classes), 0)) {
        for_each_position(in, [&](int c, int x, int y, int n) { in(c, x, y, n) = float(in(c, x, y, n) * size); });
        for_each_position(filter, [&](int ci, int i, int j, int k, int block) {
            filter(ci, i, j, k, block) = block * channel_block + ci == k ? 1 : 0;
        });
        // What a channel without a class holds must not matter.
        for (int c = classes; c < padded(classes); c++) bias(c) = nan;
    }

    Image probabilities(const Kernels &kernels) const {
        const Image out = classes_image(classes, W, H, N);
        run(kernels.conv1x1_softmax, in, filter, bias, classes, true, out);
        return out;
    }

    double softmax(int c, int x, int y, int n) const {
        double largest = in(0, x, y, n), total = 0;
        for (int k = 1; k < classes; k++) largest = std::max(largest, double(in(k, x, y, n)));
        for (int k = 0; k < classes; k++) total += std::exp(in(k, x, y, n) - largest);
        return std::exp(in(c, x, y, n) - largest) / total;
    }
};

}  // namespace

TEST_CASE("conv1x1_softmax gives the softmax of its scores on every target and for every size",
          "[definition][conv1x1_softmax]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [classes, W, H, N] = GENERATE(table<int, int, int, int>({{1, 1, 1, 1},
                                                                        {2, 7, 2, 2},
                                                                        {3, 13, 9, 1},
                                                                        {5, 1, 17, 1},
                                                                        {16, 6, 8, 2},
                                                                        {17, 35, 3, 1},
                                                                        {2, 99, 3, 1},
                                                                        {48, 5, 5, 1}}));
    const double size = GENERATE(1.0, 30.0, 1e4);
    CAPTURE(kernels.name, classes, W, H, N, size);
    const Scores scores(classes, W, H, N, size, 1);

    const Image out = scores.probabilities(kernels);

    // p exp(z) has the relative error of z's rounding, |z| epsilon, and p |z| stays below 1; the polynomial adds a few
    // epsilon.
    CHECK(max_difference(out, [&](int c, int x, int y, int n) { return scores.softmax(c, x, y, n); }) <=
          rounding(scores.classes + 4));
}

TEST_CASE("conv1x1_softmax of a pixel sums to 1", "[definition][conv1x1_softmax]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const Image out = Scores(5, 19, 7, 1, 20, 1).probabilities(kernels);
    Halide::Runtime::Buffer<float, 2> sum(19, 7);
    sum.fill(0);
    for_each_position(out, [&](int c, int x, int y, int n) { sum(x, y) += out(c, x, y, n); });
    CHECK(max_difference(sum, [](int, int) { return 1.0; }) <= rounding(5));
}

TEST_CASE("conv1x1_softmax without softmax gives the bytes of conv1x1", "[definition][conv1x1_softmax]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, classes, W, H] =
        GENERATE(table<int, int, int, int>({{64, 2, 101, 9}, {17, 19, 7, 8}, {16, 1, 48, 1}}));
    CAPTURE(kernels.name, K, classes, W, H);
    const Image in = random_image({K, W, H}, 1), scores = unset({classes, W, H}), out = classes_image(classes, W, H, 1);
    const Filter filter = random_filter(classes, 1, K, 2);
    const Vector bias = random_bias(classes, 3);

    run(kernels.conv1x1, in, filter, bias, tiles(scores, W));
    run(kernels.conv1x1_softmax, in, filter, bias, int(classes), false, out);

    CHECK(bool(bits(out) == bits(columns(scores, W).cropped(0, 0, classes))));
}

TEST_CASE("conv1x1_softmax reads no column that is not there", "[halo][conv1x1_softmax]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(1, 5, 6, 47, 48, 49, 100);
    CAPTURE(kernels.name, W);
    const Scores scores(3, W, 5, 1, 1, 1);
    Image exact(16, W, 5, 1), out = classes_image(3, W, 5, 1);
    exact.copy_from(columns(scores.in, W));

    run(kernels.conv1x1_softmax, exact, scores.filter, scores.bias, 3, true, out);

    CHECK(bool(bits(out) == bits(scores.probabilities(kernels))));
}

TEST_CASE("conv1x1_softmax gives the same bytes for any number of threads", "[repeat][conv1x1_softmax]") {
    const Scores scores(5, 31, 37, 2, 10, 1);
    check_repeats([&](const Kernels &kernels) { return bits(scores.probabilities(kernels)); });
}

TEST_CASE("conv1x1_softmax gives a pixel the same bytes wherever it stands", "[repeat][conv1x1_softmax]") {
    const Kernels kernels = GENERATE(each_family());
    const int classes = GENERATE(2, 5, 17);
    CAPTURE(kernels.name, classes);
    const int W = 110, H = 21;
    Scores scores(classes, W, H, 1, 10, 1);
    const Image in = scores.in, whole = scores.probabilities(kernels);

    for (const auto &[x, y, w, h] : windows(W, H)) {
        CAPTURE(x, y, w, h);
        scores.in = copied_window(in, x, y, w, h), scores.W = w, scores.H = h;
        Image part = whole.cropped(1, x, w).cropped(2, y, h);
        part.set_min(0, 0, 0, 0);
        CHECK(bool(bits(scores.probabilities(kernels)) == bits(part)));
    }
}

}  // namespace unet::test
