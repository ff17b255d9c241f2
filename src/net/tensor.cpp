#include "src/net/tensor.h"
#include "src/kernels/devices.h"
#include <algorithm>
#include <cstring>

namespace unet {

Tensor::Tensor(int channels, Size size) { *this = unpadded(round_up(channels, channel_block), size); }

Tensor Tensor::unpadded(int channels, Size size) {
    Tensor tensor;
    tensor.channels_ = channels, tensor.size_ = size, tensor.held_ = {0, size.height};
    const size_t aligned = block_alignment() / sizeof(float);
    tensor.border_size_ = (tensor.bordered_from() + aligned - 1) / aligned * aligned;
    return tensor;
}

size_t Tensor::bytes() const { return sizeof(float) * (border_size_ + size_t(row()) * column_capacity(held_.count())); }

size_t Tensor::whole_bytes() const {
    return sizeof(float) * (border_size_ + size_t(row()) * column_capacity(size_.height));
}

void Tensor::move_to(Rows kept) {
    const int rows = kept.end == size_.height ? column_capacity(kept.count()) : kept.count();
    if (kept.begin > held_.begin)
        std::memmove(first(), row_at(kept.begin), sizeof(float) * size_t(row()) * size_t(rows));
    held_ = {kept.begin, kept.begin + held_.count()};
}

void Tensor::clear_surplus(Rows rows) const {
    if (rows.begin == 0) std::fill(values_, first(), 0.0f);
    for (int y = rows.begin; y < rows.end; y++)
        std::fill(row_at(y) + size_t(size_.width) * channels_, row_at(y + 1), 0.0f);
    if (rows.end == size_.height) std::fill(row_at(size_.height), row_at(column_capacity(size_.height)), 0.0f);
}

Tensor Tensor::rows(Rows rows) const {
    Tensor part = *this;
    part.size_.height = rows.count();
    part.held_ = {0, rows.count()};
    part.values_ = row_at(rows.begin) - border_size_;
    return part;
}

TiledImage Tensor::winograd_tiles(int m) const {
    return in_tiles(view(0, {round_up(size_.width, m), round_up(size_.height, m)}), m);
}

TiledImage Tensor::cells() const {
    return in_tiles(view(0, {round_up(size_.width, 2 * pixel_block), size_.height}), 2);
}

Image Tensor::stored_from_crop(Size size, Rows rows) const {
    const Size corner = crop_corner(size);
    return this->rows({corner.height + rows.begin, corner.height + rows.end}).stored_from_column(corner.width);
}

Image Tensor::stored_from_column(int x) const {
    return view(size_t(x) * channels_, {row_capacity(size_.width) - x, column_capacity(size_.height)});
}

Image Tensor::bordered() const {
    const int columns = border + row_capacity(size_.width), rows = border + column_capacity(size_.height);
    const halide_dimension_t shape[] = {
        {0, channels_, 1}, {-border, columns, channels_}, {-border, rows, row()}, {0, 1, row() * rows}};
    return Image(first() - bordered_from(), 4, shape);
}

Image Tensor::view(size_t offset, Size size) const {
    const halide_dimension_t shape[] = {{0, channels_, 1},
                                        {0, size.width, channels_},
                                        {0, size.height, row()},
                                        {0, 1, row() * column_capacity(size_.height)}};
    return Image(first() + offset, 4, shape);
}

}  // namespace unet
