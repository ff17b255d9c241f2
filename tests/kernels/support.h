// What kernel tests share: tensors and filters as the engine stores them, and comparisons.
#pragma once
#include "src/base/random.h"
#include "src/kernels/kernels.h"
#include "src/net/tensor.h"
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace unet::test {

struct Shape {
    int channels, width, height, tiles = 1;
};

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr double epsilon = std::numeric_limits<float>::epsilon();
constexpr int padded(int channels) { return round_up(channels, channel_block); }

/// How far a sum of `terms` products of values in [-1, 1) may lie from the true one. Each addition rounds its partial
/// sum by at most half an epsilon of its size. Terms and roundings have either sign, so that neither grows like
/// `terms`: one epsilon per term leaves room.
constexpr double rounding(double terms) { return (terms + 2) * epsilon; }

/// `call(position...)` for every element.
template<class T, int D, class Call>
void for_each_position(const Halide::Runtime::Buffer<T, D> &buffer, Call call) {
    buffer.for_each_element([&](const int *position) {
        [&]<size_t... d>(std::index_sequence<d...>) { call(position[d]...); }
        (std::make_index_sequence<D>());
    });
}

/// Fills with values in [-1, 1) that `seed` decides.
template<class Buffer>
Buffer random(Buffer buffer, uint64_t seed) {
    Random values(seed, 0);
    buffer.for_each_value([&](float &value) { value = float(values.uniform(-1, 1)); });
    return buffer;
}

template<class Buffer>
Buffer filled(Buffer buffer, float value) {
    buffer.fill(value);
    return buffer;
}

/// The first `count` columns.
inline Image columns(const Image &image, int count) { return image.cropped(1, 0, count); }

/// An image as the engine stores it, all columns: channels padded to blocks, rows to row_capacity. All NaN: what a
/// kernel leaves out shows.
Image unset(const Shape &shape);

/// The columns of `image` that dense layers write for a logical width: whole register tiles.
inline Image tiles(const Image &image, int width) { return columns(image, round_up(width, pixel_block)); }

/// What up_conv2x2 writes: whole register tiles of 2x2 cells.
TiledImage cells(const Image &image, int width);

/// A stored image with random values in its own channels and columns, 0 in the padding channels, NaN in the surplus
/// columns.
Image random_image(const Shape &shape, uint64_t seed);

/// The same without padding channels, as the network's own input is stored.
Image random_input(const Shape &shape, uint64_t seed);

/// An image of width x height at (x, y) of another, where NaN stands in the surplus columns again.
Image copied_window(const Image &image, int x, int y, int width, int height);

/// A filter whose every element, padding too, is NaN, for a kernel to write.
Filter unset_filter(int outputs, int taps, int stored_inputs);
Vector unset_bias(int outputs);
Filter zero_filter(int outputs, int taps, int stored_inputs);  ///< for sums that are added to
Vector zero_bias(int outputs);

/// Element of a blocked filter.
inline float &at(Filter &filter, int c, int i, int j, int k) {
    return filter(c % channel_block, i, j, k, c / channel_block);
}
inline double at(const Filter &filter, int c, int i, int j, int k) {
    return filter(c % channel_block, i, j, k, c / channel_block);
}

/// Random weights from `inputs` to `outputs` channels, 0 for the padding of both.
Filter random_filter(int outputs, int taps, int inputs, int stored_inputs, uint64_t seed);
Filter random_filter(int outputs, int taps, int inputs, uint64_t seed);
Vector random_bias(int outputs, uint64_t seed);

/// Windows of a W x H image at every offset from 0 to 12 columns, of many widths and heights.
struct Window {
    int x, y, width, height;
};
std::vector<Window> windows(int W, int H);

/// Largest distance of an element to `definition(position...)`; infinite where an element is not a number.
template<class T, int D, class Definition>
double max_difference(const Halide::Runtime::Buffer<T, D> &buffer, Definition definition) {
    double worst = 0;
    for_each_position(buffer, [&](auto... position) {
        const double difference = std::abs(double(buffer(position...)) - definition(position...));
        worst = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(worst, difference);
    });
    return worst;
}

/// The channels from `own` on are exactly 0.
bool padding_is_zero(const Image &image, int own);

/// Sum of products, in double.
template<class T, int D>
double inner_product(const Halide::Runtime::Buffer<T, D> &a, const Halide::Runtime::Buffer<T, D> &b) {
    double sum = 0;
    for_each_position(a, [&](auto... position) { sum += double(a(position...)) * b(position...); });
    return sum;
}

/// Root of the sum of squares. Its inner product with as many independent roundings stays below the largest of these
/// times this: they add like the sides of right angles.
template<class T, int D>
double norm(const Halide::Runtime::Buffer<T, D> &a) {
    return std::sqrt(inner_product(a, a));
}

/// The elements of buffers as they lie in memory, to compare results bit for bit.
template<class... Buffers>
std::vector<uint32_t> bits(const Buffers &...buffers) {
    std::vector<uint32_t> all;
    const auto append = [&](const auto &buffer) {
        for_each_position(buffer,
                          [&](auto... position) { all.push_back(std::bit_cast<uint32_t>(buffer(position...))); });
    };
    (append(buffers), ...);
    return all;
}

}  // namespace unet::test
