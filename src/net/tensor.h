// Activations between layers, stored so that kernels always compute whole register tiles.
#pragma once
#include "src/kernels/image.h"
#include <memory>

namespace unet {

/// Columns stored for a row of `width` pixels: whole register tiles of every kernel that writes it (6, and 12 behind an
/// up-convolution) and the halo of every kernel that reads it. What stands in the surplus never reaches a pixel that counts.
constexpr int row_capacity(int width) { return round_up(width, 2 * pixel_block) + 2; }

/// A square image of `size` pixels a side.
class Tensor {
public:
    Tensor() = default;
    Tensor(int channels, int size);  ///< channels padded to whole blocks, all 0
    static Tensor unpadded(int channels, int size);  ///< for the network's own input

    int size() const { return size_; }
    int channels() const { return channels_; }  ///< as stored, padding included
    size_t bytes() const;

    Image exact() const { return view(0, size_); }  ///< [C, size, size, 1]
    Image stored() const { return view(0, row_capacity(size_)); }  ///< all columns: what layers read
    /// Columns rounded up to whole tiles: what layers write.
    Image tiles() const { return view(0, round_up(size_, pixel_block)); }
    Image cells() const { return view(0, round_up(size_, 2 * pixel_block)); }  ///< the same behind or before an up-convolution
    /// The stored columns from a centre crop's first pixel on; crop() for the crop alone.
    Image stored_from(int offset) const { return view(offset, row_capacity(size_) - offset); }
    Image crop(int offset) const { return view(offset, size_ - 2 * offset); }

private:
    Tensor(int stored_channels, int size, int);
    Image view(int offset, int width) const;

    int channels_ = 0, size_ = 0;  // channels as stored
    std::shared_ptr<float[]> values_;
};

}  // namespace unet
