#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

struct Rate {
    float rate;
    uint32_t threshold() const { return uint32_t(double(rate) * 0x1p32); }
    float scale() const { return 1 / (1 - rate); }
};

Image dropped(const Kernels &kernels, const Image &in, uint32_t seed, Rate rate) {
    const Image out = filled(Image(in.dim(0).extent(), in.dim(1).extent(), in.dim(2).extent(), 1), nan);
    run(kernels.dropout, in, seed, rate.threshold(), rate.scale(), out);
    return out;
}

Image ones(int C, int W, int H) { return filled(Image(C, W, H, 1), 1); }

double share_of_equal(const Image &a, const Image &b) {
    double equal = 0;
    for_each_position(a, [&](int c, int x, int y, int n) { equal += (a(c, x, y, n) == 0) == (b(c, x, y, n) == 0); });
    return equal / double(a.number_of_elements());
}

/// Five standard deviations of a share among `count` draws that come out with probability p.
double five_deviations(double p, double count) { return 5 * std::sqrt(p * (1 - p) / count); }

}  // namespace

TEST_CASE("dropout scales what it keeps and sets the rest to 0", "[definition][dropout]") {
    const Kernels kernels = GENERATE(each_family());
    const float rate = GENERATE(0.0f, 0.1f, 0.5f, 0.9f);
    const auto [C, W, H] = GENERATE(table<int, int, int>({{1, 1, 1}, {17, 7, 3}, {64, 33, 21}}));
    CAPTURE(kernels.name, rate, C, W, H);
    const Image in = columns(random_image({C, W, H}, 1), W);

    const Image out = dropped(kernels, in, 7, {rate});

    CHECK(max_difference(out, [&](int c, int x, int y, int n) {
              return out(c, x, y, n) == 0 ? 0 : in(c, x, y, n) / (1.0 - rate);
          }) <= rounding(1) / (1 - rate));
    CHECK(padding_is_zero(out, C));
    if (rate == 0) CHECK(bool(bits(out) == bits(in)));
}

TEST_CASE("dropout keeps a share of 1 - rate, and rows, columns, channels alike", "[definition][dropout]") {
    const Kernels kernels = GENERATE(each_family());
    const float rate = GENERATE(0.1f, 0.5f, 0.9f);
    CAPTURE(kernels.name, rate);
    const int size = 64;

    const Image out = dropped(kernels, ones(size, size, size), 11, {rate});

    const double all = std::pow(size, 3), part = std::pow(size, 2);
    const auto kept = [](const Image &image) { return share_of_equal(image, filled(image.copy(), 1)); };
    CHECK(std::abs(kept(out) - (1 - rate)) <= five_deviations(rate, all));
    for (int dimension = 0; dimension < 3; dimension++)
        for (int i = 0; i < size; i++)
            CHECK(std::abs(kept(out.cropped(dimension, i, 1)) - (1 - rate)) <= five_deviations(rate, part));
}

TEST_CASE("dropout keeps what the seed says, whatever the values; other seeds are unrelated", "[definition][dropout]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const Image in = filled(Image(32, 40, 40, 1), 2), out = dropped(kernels, in, 5, {0.5f});
    const Image other = random(Image(32, 40, 40, 1), 3);
    CHECK(share_of_equal(out, dropped(kernels, other, 5, {0.5f})) == 1);

    const double tolerance = five_deviations(0.5, double(in.number_of_elements()) / 4);
    for (const uint32_t seed : {0u, 4u, 6u, 5u + 65536u, 0x80000005u, 0xffffffffu}) {
        CAPTURE(seed);
        const Image unrelated = dropped(kernels, in, seed, {0.5f});
        for (int dx : {0, 1})  // nor is it the same pattern, shifted
            for (int dy : {0, 1}) {
                CAPTURE(dx, dy);
                Image shifted = unrelated.cropped(1, dx, 39).cropped(2, dy, 39),
                      here = out.cropped(1, 0, 39).cropped(2, 0, 39);
                shifted.set_min(0, 0, 0, 0);
                CHECK(std::abs(share_of_equal(here, shifted) - 0.5) <= tolerance);
                Image back = out.cropped(1, dx, 39).cropped(2, dy, 39),
                      there = unrelated.cropped(1, 0, 39).cropped(2, 0, 39);
                back.set_min(0, 0, 0, 0);
                CHECK(std::abs(share_of_equal(back, there) - 0.5) <= tolerance);
            }
    }
}

TEST_CASE("dropout may write where it reads", "[definition][dropout]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const Image in = random(Image(48, 21, 19, 1), 1), expected = dropped(kernels, in, 3, {0.3f}), both = in.copy();

    run(kernels.dropout, both, 3u, Rate{0.3f}.threshold(), Rate{0.3f}.scale(), both);

    CHECK(bool(bits(both) == bits(expected)));
}

TEST_CASE("dropout is its own adjoint", "[gradient][dropout]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const Image x = random(Image(32, 13, 9, 1), 1), y = random(Image(32, 13, 9, 1), 2);

    const double forward = inner_product(dropped(kernels, x, 9, {0.5f}), y);
    const double backward = inner_product(x, dropped(kernels, y, 9, {0.5f}));

    CHECK(std::abs(forward - backward) <= 2 * rounding(1) * (norm(x) + norm(y)));
}

TEST_CASE("dropout reads the pixels it writes", "[halo][dropout]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71));
    CAPTURE(kernels.name, W);
    Image in = unallocated(16, 1, 1), out = unallocated(16, W, 5);

    query(kernels.dropout, in, 1u, 2u, 3.0f, out);

    CHECK(width(out) == W);
    CHECK(width(in) == W);
    CHECK(height(in) == 5);
}

TEST_CASE("dropout gives the same bytes for any number of threads, and drops the same on every target",
          "[repeat][dropout]") {
    const Image in = random(Image(48, 31, 37, 1), 1);
    check_repeats([&](const Kernels &kernels) { return bits(dropped(kernels, in, 3, {0.5f})); });
    for (const Kernels &kernels : available_kernels())
        CHECK(share_of_equal(dropped(kernels, in, 3, {0.5f}), dropped(available_kernels().front(), in, 3, {0.5f})) ==
              1);
}

}  // namespace unet::test
