#include "src/net/tensor.h"
#include <algorithm>

namespace unet {

Tensor::Tensor(int channels, Size size) : channels_(round_up(channels, channel_block)), size_(size) {}

Tensor Tensor::unpadded(int channels, Size size) {
    Tensor tensor;
    tensor.channels_ = channels, tensor.size_ = size;
    return tensor;
}

size_t Tensor::bytes() const { return sizeof(float) * (border_size() + size_t(row()) * column_capacity(size_.height)); }

void Tensor::clear_surplus() const {
    std::fill(values_, first(), 0.0f);
    for (int y = 0; y < size_.height; y++)
        std::fill(first() + offset_of({size_.width, y}), first() + offset_of({0, y + 1}), 0.0f);
    std::fill(first() + offset_of({0, size_.height}), values_ + bytes() / sizeof(float), 0.0f);
}

TiledImage Tensor::winograd_tiles(int m) const {
    return in_tiles(view(0, {round_up(size_.width, m), round_up(size_.height, m)}), m);
}

TiledImage Tensor::cells() const {
    return in_tiles(view(0, {round_up(size_.width, 2 * pixel_block), size_.height}), 2);
}

Image Tensor::stored_from(Size corner) const {
    return view(offset_of(corner),
                {row_capacity(size_.width) - corner.width, column_capacity(size_.height) - corner.height});
}

Image Tensor::bordered() const {
    const int columns = border + row_capacity(size_.width), rows = border + column_capacity(size_.height);
    const halide_dimension_t shape[] = {
        {0, channels_, 1}, {-border, columns, channels_}, {-border, rows, row()}, {0, 1, row() * rows}};
    return Image(values_, 4, shape);
}

Image Tensor::view(size_t offset, Size size) const {
    const halide_dimension_t shape[] = {{0, channels_, 1},
                                        {0, size.width, channels_},
                                        {0, size.height, row()},
                                        {0, 1, row() * column_capacity(size_.height)}};
    return Image(first() + offset, 4, shape);
}

}  // namespace unet
