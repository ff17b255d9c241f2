#include "tests/kernels/winograd.h"

namespace unet::test {

namespace {

constexpr int side = 4;  // of a Winograd tile

/// A layer of two inputs with K channels each, and the memory of their gradients, in either order.
struct PairLayer {
    int K, C, W, H;
    bool second_first;
    Image d_out;
    Filter filters[2];

    PairLayer(int K, int C, int W, int H, bool second_first)
        : K(K), C(C), W(W), H(H), second_first(second_first),
          d_out(bordered_gradient(C, W, H, 1, 1)), filters{random_filter(C, 3, K, 2), random_filter(C, 3, K, 3)} {}

    Filter turned(const Kernels &kernels) const {
        const int outputs = d_out.dim(0).extent(), inputs = filters[0].dim(3).extent();
        Filter both(channel_block, outputs, side + 2, side + 2, 2 * inputs / channel_block);
        for (int i = 0; i < 2; i++)
            run(kernels.winograd_turned_filter4, filters[i],
                both.cropped(4, i * inputs / channel_block, inputs / channel_block)
                    .translated(4, -i * inputs / channel_block));
        return both;
    }

    /// d_in of both inputs, in whole tiles.
    std::pair<Image, Image> gradients(const Kernels &kernels) const {
        const Image both = winograd_output(padded(K), W + 2, H + 2, 2, side);
        const auto image = [&](int n) { return both.cropped(3, n, 1).translated(3, -n); };
        const Image first = image(second_first), second = image(!second_first);
        const TiledImage tiles = two_images(in_tiles(first, side), int(second.data() - first.data()));
        run(kernels.conv3x3_pair_input_grad_winograd4, d_out, turned(kernels), tiles.dim(2).extent(),
            tiles.dim(4).extent(), tiles);
        return {first, second};
    }

    /// The same of one input alone, by the kernel of layers with a single one.
    Image gradient(const Kernels &kernels, int input) const {
        const int inputs = filters[input].dim(3).extent();
        Filter turned(channel_block, d_out.dim(0).extent(), side + 2, side + 2, inputs / channel_block);
        run(kernels.winograd_turned_filter4, filters[input], turned);
        const Image d_in = winograd_output(inputs, W + 2, H + 2, 1, side);
        const TiledImage tiles = in_tiles(d_in, side);
        run(kernels.conv3x3_input_grad_winograd4, d_out, turned, filled(d_in.copy(), 1), false, tiles.dim(2).extent(),
            tiles.dim(4).extent(), tiles);
        return d_in;
    }
};

}  // namespace

TEST_CASE("conv3x3_pair_input_grad_winograd gives each input the bytes of a layer of its own",
          "[definition][conv3x3_pair_input_grad_winograd]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [K, C, W, H] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {16, 16, 6, 30}, {17, 33, 5, 28}, {64, 32, 41, 22}, {32, 48, 14, 7}, {128, 64, 9, 9}}));
    const bool second_first = GENERATE(false, true);
    CAPTURE(kernels.name, K, C, W, H, second_first);
    if (kernels.on_device() && second_first) return;  // no part of a device's memory has strides below 0
    const PairLayer layer(K, C, W, H, second_first);

    const auto [first, second] = layer.gradients(kernels);

    CHECK(bool(bits(first) == bits(layer.gradient(kernels, 0))));
    CHECK(bool(bits(second) == bits(layer.gradient(kernels, 1))));
}

TEST_CASE("conv3x3_pair_input_grad_winograd gives the same bytes for any number of threads",
          "[repeat][conv3x3_pair_input_grad_winograd]") {
    const PairLayer layer(32, 32, 83, 75, false);
    check_repeats([&](const Kernels &kernels) {
        const auto [first, second] = layer.gradients(kernels);
        return bits(first, second);
    });
}

}  // namespace unet::test
