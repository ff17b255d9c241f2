// Activations between layers, stored so that kernels always compute whole register tiles.
#pragma once
#include "src/base/rect.h"
#include "src/kernels/image.h"
#include "src/net/rows.h"

namespace unet {

/// Columns stored for a row of `width` pixels: whole tiles of every kernel that writes it (register tiles of 6 pixels,
/// 12 behind an up-convolution, Winograd tiles of 4 or 6) and the halo of every kernel that reads it: up to 5 columns
/// behind the image.
constexpr int row_capacity(int width) { return round_up(width + 3, 2 * pixel_block) + 2; }

/// Rows stored for a column of `height` pixels, from its first one on: as many behind the image.
constexpr int column_capacity(int height) { return height + 5; }

constexpr int border = 2;  ///< pixels before and above the image that gradients are read at, as 0

/// An image of `size` pixels, stored as the chosen kernels write it: float32, or float16. Owns no memory: a Pass
/// decides where it lies. What is stored beyond its pixels (the surplus) is 0 when a layer reads it, and never reaches
/// a pixel that counts but in the last bits.
class Tensor {
public:
    Tensor() = default;
    Tensor(int channels, Size size);                  ///< channels padded to whole blocks, all 0
    static Tensor unpadded(int channels, Size size);  ///< for the network's own input; float32

    Size size() const { return size_; }
    int channels() const { return channels_; }  ///< as stored, padding included
    size_t bytes() const;
    size_t whole_bytes() const;  ///< if all rows were held

    /// Memory for this many rows only; those from the first on are held.
    void hold_rows(int rows) { held_ = {0, rows}; }
    /// Moves on down: `kept` rows stay, those behind them are held from now on. From row 0 on: begins anew.
    void move_to(Rows kept);
    bool holds_few_rows() const { return held_.count() < size_.height; }

    /// `values`: bytes() long.
    void place(void *values) { values_ = static_cast<char *>(values); }
    const void *data() const { return values_; }
    /// Of these rows, and of what lies before the first and behind the last row of the image.
    void clear_surplus(Rows rows) const;
    void clear_surplus() const { clear_surplus({0, size_.height}); }

    /// These rows as an image of their own.
    Tensor rows(Rows rows) const;

    StoredImage bordered() const;                                 ///< all that is stored, from pixel (-2, -2) on
    StoredImage exact() const { return view(0, size_); }          ///< [C, width, height, 1]
    StoredImage stored() const { return stored_from_column(0); }  ///< all columns and rows: what layers read
    /// Columns rounded up to whole tiles: what layers write.
    StoredImage tiles() const { return view(0, {round_up(size_.width, pixel_block), size_.height}); }
    /// The same in the cells of 2x2 pixels that an up-convolution writes.
    StoredTiles cells() const;
    /// Columns and rows rounded up to whole Winograd tiles of m x m pixels, and cut into these.
    StoredTiles winograd_tiles(int m) const;
    /// What is stored from the first pixel of these rows of the centre crop of `size` on.
    StoredImage stored_from_crop(Size size, Rows rows) const;
    StoredImage stored_from_crop(Size size) const { return stored_from_crop(size, {0, size.height}); }
    /// First pixel of the centre crop of `size`.
    Size crop_corner(Size size) const { return {(size_.width - size.width) / 2, (size_.height - size.height) / 2}; }

private:
    Tensor(int channels, Size size, halide_type_t type);

    // Sizes and offsets in values, not bytes.
    int row() const { return channels_ * row_capacity(size_.width); }
    // The columns before a row are the last ones of the row above.
    size_t bordered_from() const { return size_t(border) * row() + size_t(border) * channels_; }
    size_t row_offset(int y) const { return border_size_ + size_t(y - held_.begin) * row(); }
    char *at(size_t offset) const { return values_ + offset * size_t(type_.bytes()); }
    StoredImage stored_from_column(int x) const;
    StoredImage view(size_t offset, Size size) const;

    halide_type_t type_ = halide_type_of<float>();
    int channels_ = 0;  // as stored
    Size size_;
    // bordered_from, and what lets the image begin where buffers may; nothing on a CPU with whole blocks of channels.
    size_t border_size_ = 0;
    Rows held_;
    char *values_ = nullptr;
};

}  // namespace unet
