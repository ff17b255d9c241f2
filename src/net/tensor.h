// Activations between layers, stored so that kernels always compute whole register tiles.
#pragma once
#include "src/base/float_buffer.h"
#include "src/kernels/image.h"
#include <algorithm>
#include <memory>

namespace unet {

/// Columns stored for a row of `width` pixels: whole register tiles of every kernel that writes it (6, and 12 behind an
/// up-convolution) and the halo of every kernel that reads it. What stands in the surplus never reaches a pixel that
/// counts.
constexpr int row_capacity(int width) { return round_up(width, 2 * pixel_block) + 2; }

/// Rows stored for a column of `height` pixels: whole Winograd tiles, and the halo of a layer that reads them.
constexpr int column_capacity(int height) { return std::max(round_up(height, 3), round_up(height, 4)) + 2; }

/// A square image of `size` pixels a side.
class Tensor {
public:
    Tensor() = default;
    Tensor(int channels, int size);                  ///< channels padded to whole blocks, all 0
    static Tensor unpadded(int channels, int size);  ///< for the network's own input

    int size() const { return size_; }
    int channels() const { return channels_; }  ///< as stored, padding included
    size_t bytes() const;

    Image exact() const { return view(0, size_, size_); }  ///< [C, size, size, 1]
    Image stored() const { return stored_from(0); }        ///< all columns and rows: what layers read
    /// Columns rounded up to whole tiles: what layers write.
    Image tiles() const { return view(0, round_up(size_, pixel_block), size_); }
    Image cells() const {
        return view(0, round_up(size_, 2 * pixel_block), size_);
    }  ///< the same behind or before an up-convolution
    /// Columns and rows rounded up to whole Winograd tiles of m x m pixels, and cut into these.
    TiledImage winograd_tiles(int m) const;
    /// What is stored from a centre crop's first pixel on; crop() for the crop alone.
    Image stored_from(int offset) const {
        return view(offset, row_capacity(size_) - offset, column_capacity(size_) - offset);
    }
    Image crop(int offset) const { return view(offset, size_ - 2 * offset, size_ - 2 * offset); }

private:
    Tensor(int stored_channels, int size, int);
    Image view(int offset, int width, int height) const;

    int channels_ = 0, size_ = 0;  // channels as stored
    std::shared_ptr<FloatBuffer> values_;
};

}  // namespace unet
