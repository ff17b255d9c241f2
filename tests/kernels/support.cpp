#include "tests/kernels/support.h"

namespace unet::test {

Image unset(const Shape &shape) {
    return filled(Image(padded(shape.channels), row_capacity(shape.width), shape.height, shape.tiles), nan);
}

TiledImage cells(const Image &image, int width) {
    return in_tiles(columns(image, round_up(width, 2 * pixel_block)), 2);
}

Image random_image(const Shape &shape, uint64_t seed) {
    Image image = unset(shape), own = columns(image, shape.width);
    own.fill(0);
    random(own.cropped(0, 0, shape.channels), seed);
    return image;
}

Image random_input(const Shape &shape, uint64_t seed) {
    Image image = filled(Image(shape.channels, row_capacity(shape.width), shape.height, shape.tiles), nan);
    random(columns(image, shape.width), seed);
    return image;
}

Image copied_window(const Image &image, int x, int y, int width, int height) {
    Image source = image.cropped(1, x, width).cropped(2, y, height);
    source.set_min(0, 0, 0, 0);
    Image copy(image.dim(0).extent(), row_capacity(width), height, image.dim(3).extent());
    copy.fill(nan);
    columns(copy, width).copy_from(source);
    return copy;
}

Filter unset_filter(int outputs, int taps, int stored_inputs) {
    return filled(Filter(channel_block, taps, taps, stored_inputs, padded(outputs) / channel_block), nan);
}

Vector unset_bias(int outputs) { return filled(Vector(padded(outputs)), nan); }

Filter zero_filter(int outputs, int taps, int stored_inputs) {
    return filled(Filter(channel_block, taps, taps, stored_inputs, padded(outputs) / channel_block), 0);
}
Vector zero_bias(int outputs) { return filled(Vector(padded(outputs)), 0); }

Filter random_filter(int outputs, int taps, int inputs, int stored_inputs, uint64_t seed) {
    Filter filter = random(unset_filter(outputs, taps, stored_inputs), seed);
    for_each_position(filter, [&](int ci, int i, int j, int k, int block) {
        if (block * channel_block + ci >= outputs || k >= inputs) filter(ci, i, j, k, block) = 0;
    });
    return filter;
}

Filter random_filter(int outputs, int taps, int inputs, uint64_t seed) {
    return random_filter(outputs, taps, inputs, padded(inputs), seed);
}

Vector random_bias(int outputs, uint64_t seed) {
    Vector bias = filled(Vector(padded(outputs)), 0);
    random(bias.cropped(0, 0, outputs), seed);
    return bias;
}

std::vector<Window> windows(int W, int H) {
    std::vector<Window> all;
    for (int x = 0; x <= 12; x++) {
        const int y = x * 5 % 9, height = 1 + x * 7 % (H - y);
        all.push_back({x, y, 1 + x * 3 % 17, height});
        all.push_back({x, y, W - x, height});
    }
    return all;
}

bool padding_is_zero(const Image &image, int own) {
    const int padding = image.dim(0).extent() - own;
    return padding == 0 || max_difference(image.cropped(0, own, padding), [](auto...) { return 0.0; }) == 0.0;
}

}  // namespace unet::test
