#include "tests/kernels/targets.h"
#include "tests/kernels/warp.h"

namespace unet::test {

namespace {

using Planes = Halide::Runtime::Buffer<float, 3>;  // [K, W, H]

struct Gray {
    float blur[3] = {1, 0, 0}, gray[4] = {1, 0, 0, 0};
};

Planes augmented(const Kernels &kernels, const Planes &in, const TestWarp &warp, int W, int H, bool cubic,
                 const Gray &gray = {}, uint32_t seed = 1) {
    const Planes out = filled(Planes(in.dim(0).extent(), W, H), nan);
    const Vector blur(const_cast<float *>(gray.blur), 3), curve(const_cast<float *>(gray.gray), 4);
    run(kernels.augment_image, in, warp.affine, warp.grid, warp.columns, warp.rows, warp.cut, warp.step, cubic, blur,
        curve, seed, out);
    return out;
}

double cubic_weight(double distance) {  // Keys 1981, equation 15, a = -1/2
    const double d = std::abs(distance);
    if (d < 1) return 1.5 * d * d * d - 2.5 * d * d + 1;
    return d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
}
double linear_weight(double distance) { return std::max(0.0, 1 - std::abs(distance)); }

/// The source between its pixels.
double interpolated(const Planes &in, int k, double x, double y, bool cubic) {
    const auto weight = cubic ? cubic_weight : linear_weight;
    double sum = 0;
    for (int v = int(std::floor(y)) - 1; v <= int(std::floor(y)) + 2; v++)
        for (int u = int(std::floor(x)) - 1; u <= int(std::floor(x)) + 2; u++)
            sum += weight(x - u) * weight(y - v) *
                   in(k, clamped(u, in.dim(1).extent()), clamped(v, in.dim(2).extent()));
    return sum;
}

}  // namespace

TEST_CASE("augment_image interpolates where the warp points", "[definition][augment_image]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, W, H] = GENERATE(table<int, int, int>({{1, 1, 1}, {1, 37, 41}, {2, 9, 70}, {3, 17, 5}}));
    const int nodes = GENERATE(1, 3, 5);
    const bool cubic = GENERATE(true, false);
    CAPTURE(kernels.name, K, W, H, nodes, cubic);
    const TestWarp warp(W, H, 2, nodes, 3);
    const Planes in = random(Planes(K, warp.source_width, warp.source_height), 5);

    const Planes out = augmented(kernels, in, warp, W, H, cubic);

    // Values are below 1; the slope of the interpolation is below 4 along each axis.
    const double tolerance = 8 * warp.position_error() + rounding(32) * 4;
    CHECK(max_difference(out, [&](int k, int x, int y) {
              // Beyond or before the line: rounding decides there.
              if (std::abs(warp.beyond(x, y)) < warp.position_error()) return double(out(k, x, y));
              return interpolated(in, k, warp.source(x, y, 0), warp.source(x, y, 1), cubic);
          }) <= tolerance);
}

TEST_CASE("augment_image leaves values as they are where pixels fall on pixels", "[definition][augment_image]") {
    const Kernels kernels = GENERATE(each_family());
    const bool cubic = GENERATE(true, false);
    const Planes in = random(Planes(2, 50, 40), 5);

    const Planes out = augmented(kernels, in, TestWarp::shifted(30, 20, 2, 7, 11), 30, 20, cubic);

    CHECK(max_difference(out, [&](int k, int x, int y) { return in(k, x + 7, y + 11); }) == 0);
}

TEST_CASE("augment_image blurs, then bends gray values", "[definition][augment_image]") {
    const Kernels kernels = GENERATE(each_family());
    const Gray gray{{0.4f, 0.2f, 0.1f}, {1.2f, -0.1f, 0.7f, 0}};
    const Planes in = random(Planes(1, 45, 60), 5);

    const Planes out = augmented(kernels, in, TestWarp::shifted(33, 50, 2, 5, 4), 33, 50, true, gray);

    const auto definition = [&](int k, int x, int y) {
        double v = 0;
        for (int b = -2; b <= 2; b++)
            for (int a = -2; a <= 2; a++)
                v += double(gray.blur[std::abs(a)]) * gray.blur[std::abs(b)] * in(k, x + 5 + a, y + 4 + b);
        const double side = 2 * v - 1;
        return gray.gray[0] * (v + gray.gray[2] / 2 * (1 / (1 + side * side) - 0.5)) + gray.gray[1];
    };
    CHECK(max_difference(out, definition) <= rounding(40) * 4);
}

TEST_CASE("augment_image adds noise with the deviation asked for, another for each seed, pixel and channel",
          "[definition][augment_image]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const Planes in = filled(Planes(2, 210, 210), 0.5f);
    const Gray noisy{{1, 0, 0}, {1, 0, 0, 0.1f}};
    const TestWarp warp = TestWarp::shifted(200, 200, 2, 5, 5);
    const Planes out = augmented(kernels, in, warp, 200, 200, true, noisy, 7);
    const Planes other = augmented(kernels, in, warp, 200, 200, true, noisy, 8);

    // Correlations of n independent pairs lie within 5 / sqrt(n).
    double mean = 0, square = 0, with_other = 0, with_channel = 0, with_column = 0, with_row = 0;
    for (int y = 0; y < 199; y++)
        for (int x = 0; x < 199; x++) {
            const double n = (out(0, x, y) - 0.5) / 0.1;
            mean += n, square += n * n;
            with_other += n * (other(0, x, y) - 0.5) / 0.1;
            with_channel += n * (out(1, x, y) - 0.5) / 0.1;
            with_column += n * (out(0, x + 1, y) - 0.5) / 0.1;
            with_row += n * (out(0, x, y + 1) - 0.5) / 0.1;
        }
    const double count = 199 * 199, limit = 5 / std::sqrt(count);
    CHECK(std::abs(mean / count) <= limit);
    CHECK(std::abs(square / count - 1) <= 2 * limit);
    for (const double sum : {with_other, with_channel, with_column, with_row}) CHECK(std::abs(sum / count) <= limit);
}

TEST_CASE("augment_image gives the same bytes for any number of threads", "[repeat][augment_image]") {
    const TestWarp warp(61, 83, 2, 3, 3);
    const Planes in = random(Planes(1, warp.source_width, warp.source_height), 5);
    const Gray gray{{0.5f, 0.2f, 0.05f}, {1.1f, 0.1f, 0.3f, 0.02f}};
    check_repeats([&](const Kernels &kernels) { return bits(augmented(kernels, in, warp, 61, 83, true, gray)); });
}

}  // namespace unet::test
