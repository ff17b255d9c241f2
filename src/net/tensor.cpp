#include "src/net/tensor.h"
#include "src/kernels/kernels.h"
#include <algorithm>
#include <cstring>

namespace unet {

Tensor::Tensor(int channels, Size size) : Tensor(round_up(channels, channel_block), size, kernels().image_type()) {}

Tensor Tensor::unpadded(int channels, Size size) { return {channels, size, halide_type_of<float>()}; }

Tensor::Tensor(int channels, Size size, halide_type_t type)
    : type_(type), channels_(channels), size_(size), held_{0, size.height} {
    const size_t aligned = block_alignment() / size_t(type.bytes());
    border_size_ = (bordered_from() + aligned - 1) / aligned * aligned;
}

size_t Tensor::bytes() const {
    return size_t(type_.bytes()) * (border_size_ + size_t(row()) * column_capacity(held_.count()));
}

size_t Tensor::whole_bytes() const {
    return size_t(type_.bytes()) * (border_size_ + size_t(row()) * column_capacity(size_.height));
}

void Tensor::move_to(Rows kept) {
    const int rows = kept.end == size_.height ? column_capacity(kept.count()) : kept.count();
    if (kept.begin > held_.begin)
        std::memmove(at(border_size_), at(row_offset(kept.begin)),
                     size_t(type_.bytes()) * size_t(row()) * size_t(rows));
    held_ = {kept.begin, kept.begin + held_.count()};
}

void Tensor::clear_surplus(Rows rows) const {
    const auto clear = [&](size_t begin, size_t end) { std::fill(at(begin), at(end), char(0)); };
    if (rows.begin == 0) clear(0, border_size_);
    for (int y = rows.begin; y < rows.end; y++)
        clear(row_offset(y) + size_t(size_.width) * channels_, row_offset(y + 1));
    if (rows.end == size_.height) clear(row_offset(size_.height), row_offset(column_capacity(size_.height)));
}

Tensor Tensor::rows(Rows rows) const {
    Tensor part = *this;
    part.size_.height = rows.count();
    part.held_ = {0, rows.count()};
    part.values_ = at(row_offset(rows.begin) - border_size_);
    return part;
}

StoredTiles Tensor::winograd_tiles(int m) const {
    return in_tiles(view(0, {round_up(size_.width, m), round_up(size_.height, m)}), m);
}

StoredTiles Tensor::cells() const {
    return in_tiles(view(0, {round_up(size_.width, 2 * pixel_block), size_.height}), 2);
}

StoredImage Tensor::stored_from_crop(Size size, Rows rows) const {
    const Size corner = crop_corner(size);
    return this->rows({corner.height + rows.begin, corner.height + rows.end}).stored_from_column(corner.width);
}

StoredImage Tensor::stored_from_column(int x) const {
    return view(size_t(x) * channels_, {row_capacity(size_.width) - x, column_capacity(size_.height)});
}

StoredImage Tensor::bordered() const {
    const int columns = border + row_capacity(size_.width), rows = border + column_capacity(size_.height);
    const halide_dimension_t shape[] = {
        {0, channels_, 1}, {-border, columns, channels_}, {-border, rows, row()}, {0, 1, row() * rows}};
    return StoredImage(type_, at(border_size_ - bordered_from()), 4, shape);
}

StoredImage Tensor::view(size_t offset, Size size) const {
    const halide_dimension_t shape[] = {{0, channels_, 1},
                                        {0, size.width, channels_},
                                        {0, size.height, row()},
                                        {0, 1, row() * column_capacity(size_.height)}};
    return StoredImage(type_, at(border_size_ + offset), 4, shape);
}

}  // namespace unet
