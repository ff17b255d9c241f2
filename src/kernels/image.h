// The buffers that kernels read and write.
#pragma once
#include <HalideBuffer.h>

namespace unet {

using Image = Halide::Runtime::Buffer<float, 4>;   ///< [channels, width, height, tiles], channels innermost
using Filter = Halide::Runtime::Buffer<float, 5>;  ///< [16 outputs, taps x, taps y, inputs, blocks of 16 outputs]
using TiledImage =
    Halide::Runtime::Buffer<float, 6>;  ///< an Image in tiles of m x m: [channels, m, columns / m, m, rows / m, tiles]
using Vector = Halide::Runtime::Buffer<float, 1>;      ///< [channels]
using StoredImage = Halide::Runtime::Buffer<void, 4>;  ///< an Image whose values may be float16; which, it knows
using StoredTiles = Halide::Runtime::Buffer<void, 6>;  ///< a TiledImage, the same

/// What the register tiles of all targets divide. Channels of every buffer but the network's input are padded to whole
/// blocks, with zeros; rows are padded so that kernels always compute whole tiles (docs/design.md, "Padding").
constexpr int channel_block = 16;
constexpr int pixel_block = 6;

constexpr int round_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

/// The same memory in tiles of m x m; columns and rows are multiples of m.
template<class T>
Halide::Runtime::Buffer<T, 6> in_tiles(const Halide::Runtime::Buffer<T, 4> &image, int m) {
    const auto dim = [&](int d) { return image.dim(d); };
    const halide_dimension_t shape[] = {{0, dim(0).extent(), 1},
                                        {0, m, dim(1).stride()},
                                        {0, dim(1).extent() / m, m * dim(1).stride()},
                                        {0, m, dim(2).stride()},
                                        {0, dim(2).extent() / m, m * dim(2).stride()},
                                        {0, dim(3).extent(), dim(3).stride()}};
    return Halide::Runtime::Buffer<T, 6>(image.type(), image.data(), 6, shape);
}

/// `first` and another image of its shape that begins `apart` floats behind it, or before it, as one buffer.
inline TiledImage two_images(const TiledImage &first, int apart) {
    halide_dimension_t shape[6];
    for (int d = 0; d < 5; d++) shape[d] = first.raw_buffer()->dim[d];
    shape[5] = {0, 2, apart};
    return TiledImage(first.data(), 6, shape);
}

}  // namespace unet
