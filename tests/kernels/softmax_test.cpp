#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

/// Class scores between -size and size; NaN in the channels that hold no class: they must not matter.
Image random_scores(int classes, int W, int H, int N, double size, uint64_t seed) {
    Image scores = columns(random_image({classes, W, H, N}, seed), W);
    for_each_position(scores, [&](int c, int x, int y, int n) {
        scores(c, x, y, n) = c < classes ? float(scores(c, x, y, n) * size) : nan;
    });
    return scores;
}

double softmax_at(const Image &scores, int classes, int c, int x, int y, int n) {
    if (c >= classes) return 0;
    double largest = scores(0, x, y, n), total = 0;
    for (int k = 1; k < classes; k++) largest = std::max(largest, double(scores(k, x, y, n)));
    for (int k = 0; k < classes; k++) total += std::exp(scores(k, x, y, n) - largest);
    return std::exp(scores(c, x, y, n) - largest) / total;
}

}  // namespace

TEST_CASE("softmax equals its definition on every target and for every size", "[definition][softmax]") {
    const Kernels kernels = GENERATE(each_target());
    const auto [classes, W, H, N] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {2, 7, 2, 2}, {3, 13, 9, 1}, {5, 1, 17, 1}, {16, 6, 8, 2}, {17, 35, 3, 1}, {48, 5, 5, 1}}));
    const double size = GENERATE(1.0, 30.0, 1e4);
    CAPTURE(kernels.name, classes, W, H, N, size);
    const Image in = random_scores(classes, W, H, N, size, 1), out = columns(unset({classes, W, H, N}), W);

    run(kernels.softmax, in, int(classes), out);

    const int count = classes;  // a structured binding cannot be captured
    const auto definition = [&](int c, int x, int y, int n) { return softmax_at(in, count, c, x, y, n); };
    // p exp(z) has the relative error of z's rounding, |z| epsilon, and p |z| stays below 1; the polynomial adds a few
    // epsilon.
    CHECK(max_difference(out, definition) <= rounding(classes + 4));
    CHECK(padding_is_zero(out, classes));
}

TEST_CASE("softmax of a pixel sums to 1", "[definition][softmax]") {
    const Kernels kernels = GENERATE(each_target());
    CAPTURE(kernels.name);
    const Image in = random_scores(5, 19, 7, 1, 20, 1), out = columns(unset({5, 19, 7}), 19);
    run(kernels.softmax, in, 5, out);
    Halide::Runtime::Buffer<float, 2> sum(19, 7);
    sum.fill(0);
    for_each_position(out, [&](int c, int x, int y, int n) { sum(x, y) += out(c, x, y, n); });
    CHECK(max_difference(sum, [](int, int) { return 1.0; }) <= rounding(5));
}

TEST_CASE("softmax reads the pixels it writes", "[halo][softmax]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71));
    CAPTURE(kernels.name, W);
    Image in = unallocated(16, 1, 1), out = unallocated(16, W, 5);

    query(kernels.softmax, in, 3, out);

    CHECK(width(out) == W);
    CHECK(width(in) == W);
    CHECK(height(in) == 5);
}

TEST_CASE("softmax gives the same bytes for any number of threads", "[repeat][softmax]") {
    const Image in = random_scores(5, 31, 37, 2, 10, 1);
    check_repeats([&](const Kernels &kernels) {
        const Image out = columns(unset({5, 31, 37, 2}), 31);
        run(kernels.softmax, in, 5, out);
        return bits(out);
    });
}

TEST_CASE("softmax gives a pixel the same bytes wherever it stands in a tile", "[repeat][softmax]") {
    const Kernels kernels = GENERATE(each_target());
    const int classes = GENERATE(2, 5, 17);
    CAPTURE(kernels.name, classes);
    const int W = 40, H = 21;
    const Image in = random_scores(classes, W, H, 1, 10, 1), whole = columns(unset({classes, W, H}), W);
    run(kernels.softmax, in, classes, whole);

    for (const auto &[x, y, w, h] : windows(W, H)) {
        CAPTURE(x, y, w, h);
        const Image part = columns(unset({classes, w, h}), w);
        run(kernels.softmax, columns(copied_window(in, x, y, w, h), w), classes, part);
        CHECK(bool(bits(part) == bits(columns(copied_window(whole, x, y, w, h), w))));
    }
}

}  // namespace unet::test
