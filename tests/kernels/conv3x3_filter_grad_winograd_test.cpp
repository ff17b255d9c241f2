#include "tests/kernels/winograd.h"

namespace unet::test {

namespace {

enum class SumForm { many_tiles, few_tiles, rows };

/// Row `y` and what lies before and behind it, as row 0 and the same.
Image from_row(const Image &image, int y) {
    const int first = image.dim(2).min(), rows = image.dim(2).extent() - y;
    return image.translated(2, -y).cropped(2, first, rows);
}

/// One layer whose gradients are wanted, for one sample.
struct WinogradLayer {
    int K, C, W, H;
    Image in, d_out;

    WinogradLayer(int K, int C, int W, int H)
        : K(K), C(C), W(W), H(H), in(padded(K), W + 7, H + 8, 1), d_out(bordered_gradient(C, W, H, 1, 2)) {
        in.fill(0);
        random(in.cropped(0, 0, K).cropped(1, 0, W + 2).cropped(2, 0, H + 2), 1);
    }

    std::pair<Filter, Vector> gradients(const Kernels &kernels, SumForm form) const {
        if (form == SumForm::rows) return by_rows(kernels, H);
        const Filter d_filter = unset_filter(C, 3, padded(K));
        const Vector d_bias = unset_bias(C);
        run(form == SumForm::few_tiles ? kernels.conv3x3_filter_grad_winograd4_few_tiles
                                       : kernels.conv3x3_filter_grad_winograd4,
            in, d_out, W, H, d_filter, d_bias);
        return {d_filter, d_bias};
    }

    /// In calls of so many rows.
    std::pair<Filter, Vector> by_rows(const Kernels &kernels, int rows) const {
        const Filter d_filter = zero_filter(C, 3, padded(K));
        const Vector d_bias = zero_bias(C);
        for (int y = 0; y < H; y += rows)
            run(kernels.conv3x3_filter_grad_rows, from_row(in, y), from_row(d_out, y), W, std::min(rows, H - y),
                d_filter, d_bias, d_filter, d_bias);
        return {d_filter, d_bias};
    }

    double d_filter(int c, int i, int j, int k) const {
        double sum = 0;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) sum += double(d_out(c, x, y, 0)) * in(k, x + i, y + j, 0);
        return sum;
    }
    double d_bias(int c) const {
        double sum = 0;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) sum += d_out(c, x, y, 0);
        return sum;
    }
};

}  // namespace

TEST_CASE("conv3x3_filter_grad_winograd equals its definition on every target and for every size",
          "[definition][conv3x3_filter_grad_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    const SumForm form = GENERATE(SumForm::many_tiles, SumForm::few_tiles, SumForm::rows);
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{1, 1, 1, 1},
                                                                  {3, 5, 7, 2},
                                                                  {17, 64, 1, 33},
                                                                  {48, 16, 6, 8},
                                                                  {16, 16, 12, 16},
                                                                  {64, 32, 70, 69},
                                                                  {16, 48, 81, 57}}));
    CAPTURE(kernels.name, int(form), K, C, W, H);
    const WinogradLayer layer(K, C, W, H);

    const auto [d_filter, d_bias] = layer.gradients(kernels, form);

    CHECK(max_difference(d_filter, [&](int ci, int i, int j, int k, int block) {
              return layer.d_filter(block * channel_block + ci, i, j, k);
          }) <= winograd_growth(4) * rounding(W * H));
    CHECK(max_difference(d_bias, [&](int c) { return layer.d_bias(c); }) <= rounding(W * H));
}

TEST_CASE("conv3x3_filter_grad_winograd is the adjoint of conv3x3 in its filter and bias",
          "[gradient][conv3x3_filter_grad_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    const SumForm form = GENERATE(SumForm::many_tiles, SumForm::few_tiles, SumForm::rows);
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{32, 48, 6, 40}, {17, 33, 75, 66}}));
    CAPTURE(kernels.name, int(form), K, C, W, H);
    const WinogradLayer layer(K, C, W, H);
    const Image in = unset({K, W + 2, H + 2}), fx = unset({C, W, H});
    columns(in, W + 2).copy_from(layer.in);
    const Filter filter = random_filter(C, 3, K, 4);
    const Vector bias = random_bias(C, 5);

    run(kernels.conv3x3, in, filter, bias, false, tiles(fx, W));
    const auto [d_filter, d_bias] = layer.gradients(kernels, form);

    const Image d_out = layer.d_out.cropped(1, 0, W).cropped(2, 0, H);
    const double forward = inner_product(columns(fx, W), d_out);
    const double backward = inner_product(filter, d_filter) + inner_product(bias, d_bias);
    CHECK(std::abs(forward - backward) <=
          rounding(9 * K + 1) * norm(d_out) + winograd_growth(4) * rounding(W * H) * (norm(filter) + norm(bias)));
}

TEST_CASE("conv3x3_filter_grad_winograd gives the same bytes for any number of threads, of few tiles and of many",
          "[repeat][conv3x3_filter_grad_winograd]") {
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{32, 48, 83, 75}, {80, 32, 28, 30}}));
    const WinogradLayer layer(K, C, W, H);
    const auto gradients = [&](const Kernels &kernels, SumForm form) {
        const auto [d_filter, d_bias] = layer.gradients(kernels, form);
        return bits(d_filter, d_bias);
    };
    for (const SumForm form : {SumForm::many_tiles, SumForm::few_tiles, SumForm::rows})
        check_repeats([&](const Kernels &kernels) { return gradients(kernels, form); });
    for (const Kernels &kernels : available_kernels())
        CHECK(bool(gradients(kernels, SumForm::many_tiles) == gradients(kernels, SumForm::few_tiles)));
}

TEST_CASE("conv3x3_filter_grad_rows gives the same bytes for any number of rows a call",
          "[repeat][conv3x3_filter_grad_winograd]") {
    const Kernels kernels = GENERATE(each_target());
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>({{32, 48, 83, 75}, {16, 16, 3, 9}}));
    const WinogradLayer layer(K, C, W, H);
    const auto gradients = [&](int rows) {
        const auto [d_filter, d_bias] = layer.by_rows(kernels, rows);
        return bits(d_filter, d_bias);
    };
    for (const int rows : {4, 8, 28}) CHECK(bool(gradients(rows) == gradients(H)));
}

}  // namespace unet::test
