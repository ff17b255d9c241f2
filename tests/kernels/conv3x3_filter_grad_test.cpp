#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

using FilterGrad = decltype(Kernels::conv3x3_filter_grad);

enum class Form { direct, thin };
constexpr Form direct = Form::direct, thin = Form::thin;

FilterGrad kernel_of(const Kernels &kernels, Form form) {
    return form == thin ? kernels.conv3x3_filter_grad_thin : kernels.conv3x3_filter_grad;
}

/// One layer whose gradients are wanted, for one sample; all images in their exact size.
struct Layer {
    int K, C, W, H;
    Form form;
    Image in, d_out, out;

    Layer(int K, int C, int W, int H, Form form)
        : K(K), C(C), W(W), H(H), form(form),
          in(columns(form == thin ? random_input({K, W + 2, H + 2}, 1) : random_image({K, W + 2, H + 2}, 1), W + 2)),
          d_out(columns(random_image({C, W, H}, 2), W)), out(columns(random_image({C, W, H}, 3), W)) {}

    Filter zero_gradient() const { return zero_filter(C, 3, in.dim(0).extent()); }

    double masked(bool relu, int c, int x, int y) const { return relu && out(c, x, y, 0) <= 0 ? 0 : d_out(c, x, y, 0); }
    double d_filter(bool relu, int c, int i, int j, int k) const {
        double sum = 0;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) sum += masked(relu, c, x, y) * in(k, x + i, y + j, 0);
        return sum;
    }
    double d_bias(bool relu, int c) const {
        double sum = 0;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) sum += masked(relu, c, x, y);
        return sum;
    }
};

}  // namespace

TEST_CASE("conv3x3_filter_grad equals its definition on every target and for every size",
          "[definition][conv3x3_filter_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [form, K, C, W, H] = GENERATE(table<Form, int, int, int, int>({{direct, 1, 1, 1, 1},
                                                                              {direct, 3, 5, 7, 2},
                                                                              {direct, 16, 17, 13, 9},
                                                                              {direct, 17, 64, 1, 33},
                                                                              {direct, 48, 16, 6, 8},
                                                                              {direct, 64, 32, 12, 65},
                                                                              {thin, 1, 1, 1, 1},
                                                                              {thin, 1, 64, 23, 17},
                                                                              {thin, 3, 16, 7, 2},
                                                                              {thin, 2, 17, 1, 70},
                                                                              {thin, 4, 48, 35, 32},
                                                                              {thin, 5, 5, 5, 33},
                                                                              {thin, 16, 16, 9, 64}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, int(form), K, C, W, H, relu);
    const Layer layer(K, C, W, H, form);
    const Filter d_filter = layer.zero_gradient();
    const Vector d_bias = zero_bias(C);

    run(kernel_of(kernels, layer.form), layer.in, layer.d_out, layer.out, relu, d_filter, d_bias, d_filter, d_bias);

    CHECK(max_difference(d_filter, [&](int ci, int i, int j, int k, int block) {
              return layer.d_filter(relu, block * channel_block + ci, i, j, k);
          }) <= rounding(W * H));
    CHECK(max_difference(d_bias, [&](int c) { return layer.d_bias(relu, c); }) <= rounding(W * H));
}

TEST_CASE("conv3x3_filter_grad is the adjoint of conv3x3 in its filter and bias", "[gradient][conv3x3_filter_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [form, K, C, W, H] = GENERATE(
        table<Form, int, int, int, int>({{direct, 5, 17, 13, 9}, {direct, 32, 48, 6, 40}, {thin, 3, 32, 31, 35}}));
    CAPTURE(kernels.name, int(form), K, C, W, H);
    const Layer layer(K, C, W, H, form);
    const Image in = form == thin ? random_input({K, W + 2, H + 2}, 1) : random_image({K, W + 2, H + 2}, 1),
                fx = unset({C, W, H});
    const Filter filter = random_filter(C, 3, K, in.dim(0).extent(), 4), d_filter = layer.zero_gradient();
    const Vector bias = random_bias(C, 5), d_bias = zero_bias(C);

    run(kernels.conv3x3, in, filter, bias, false, tiles(fx, W));
    run(kernel_of(kernels, layer.form), layer.in, layer.d_out, layer.out, false, d_filter, d_bias, d_filter, d_bias);

    const double forward = inner_product(columns(fx, W), layer.d_out);
    const double backward = inner_product(filter, d_filter) + inner_product(bias, d_bias);
    CHECK(std::abs(forward - backward) <=
          rounding(9 * K + 1) * norm(layer.d_out) + rounding(W * H) * (norm(filter) + norm(bias)));
}

TEST_CASE("conv3x3_filter_grad is the adjoint of conv3x3_pair, one input after the other",
          "[gradient][conv3x3_filter_grad]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const int Ka = 17, Kb = 32, C = 48, W = 15, H = 10;
    const Image a = random_image({Ka, W + 2, H + 2}, 1), b = random_image({Kb, W + 2, H + 2}, 2), fx = unset({C, W, H});
    const Image y = columns(random_image({C, W, H}, 3), W), out = columns(random_image({C, W, H}, 4), W);
    const Filter filter_a = random_filter(C, 3, Ka, 5), filter_b = random_filter(C, 3, Kb, 6);
    const Filter d_a = zero_filter(C, 3, padded(Ka)), d_b = zero_filter(C, 3, padded(Kb));
    const Vector bias = random_bias(C, 7), d_bias = zero_bias(C), d_bias_again = zero_bias(C);

    run(kernels.conv3x3_pair, a, b, filter_a, filter_b, bias, false, tiles(fx, W));
    run(kernels.conv3x3_filter_grad, columns(a, W + 2), y, out, true, d_a, d_bias, d_a, d_bias);
    run(kernels.conv3x3_filter_grad, columns(b, W + 2), y, out, true, d_b, d_bias_again, d_b, d_bias_again);

    Image masked = y.copy();
    for_each_position(masked, [&](int c, int x, int y_, int n) { masked(c, x, y_, n) *= out(c, x, y_, n) > 0; });
    const double forward = inner_product(columns(fx, W), masked);
    const double backward = inner_product(filter_a, d_a) + inner_product(filter_b, d_b) + inner_product(bias, d_bias);
    const double weights = norm(filter_a) + norm(filter_b) + norm(bias);
    CHECK(std::abs(forward - backward) <= rounding(9 * (Ka + Kb) + 1) * norm(masked) + rounding(W * H) * weights);
    CHECK(bool(bits(d_bias) == bits(d_bias_again)));
}

TEST_CASE("conv3x3_filter_grad reads no more than its images hold", "[halo][conv3x3_filter_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const Form form = GENERATE(direct, thin);
    const int W = GENERATE(range(1, 69)), H = 1 + W * 5 % 37;
    CAPTURE(kernels.name, int(form), W, H);
    const int K = form == thin ? 3 : 32;
    Image in = unallocated(K, W + 2, H + 2), d_out = unallocated(16, W, H), out = unallocated(16, W, H);
    Filter d_filter = unallocated_filter(3, K, 1);
    Vector d_bias = unallocated_bias(16);

    query(kernel_of(kernels, form), in, d_out, out, true, unallocated_filter(3, K, 1), unallocated_bias(16), d_filter,
          d_bias);

    CHECK(width(in) == W + 2);
    CHECK(height(in) == H + 2);
    CHECK(width(d_out) == W);
    CHECK(height(d_out) == H);
    CHECK(d_filter.dim(3).extent() == K);
}

TEST_CASE("conv3x3_filter_grad gives the same bytes for any number of threads", "[repeat][conv3x3_filter_grad]") {
    const Form form = GENERATE(direct, thin);
    const bool relu = GENERATE(false, true);
    CAPTURE(int(form), relu);
    const Layer layer(form == thin ? 3 : 32, 48, 83, 75, form);
    check_repeats([&](const Kernels &kernels) {
        const Filter d_filter = layer.zero_gradient();
        const Vector d_bias = zero_bias(layer.C);
        run(kernel_of(kernels, layer.form), layer.in, layer.d_out, layer.out, relu, d_filter, d_bias, d_filter, d_bias);
        return bits(d_filter, d_bias);
    });
}

TEST_CASE("conv3x3_filter_grad gives the same bytes for any multiple of 4 rows a call",
          "[repeat][conv3x3_filter_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const Form form = GENERATE(direct, thin);
    const Layer layer(form == thin ? 3 : 32, 48, 83, 75, form);
    CAPTURE(kernels.name, int(form));
    const auto gradients = [&](int rows) {
        const Filter d_filter = layer.zero_gradient();
        const Vector d_bias = zero_bias(layer.C);
        const auto part = [&](const Image &image, int y, int count) {
            return image.cropped(2, y, count).translated(2, -y);
        };
        for (int y = 0; y < layer.H; y += rows) {
            const int count = std::min(rows, layer.H - y);
            run(kernel_of(kernels, form), part(layer.in, y, count + 2), part(layer.d_out, y, count),
                part(layer.out, y, count), true, d_filter, d_bias, d_filter, d_bias);
        }
        return bits(d_filter, d_bias);
    };
    for (const int rows : {4, 8, 28}) CHECK(bool(gradients(rows) == gradients(layer.H)));
}

}  // namespace unet::test
