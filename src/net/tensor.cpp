#include "src/net/tensor.h"

namespace unet {

Tensor::Tensor(int channels, Size size) : channels_(round_up(channels, channel_block)), size_(size) {}

Tensor Tensor::unpadded(int channels, Size size) {
    Tensor tensor;
    tensor.channels_ = channels, tensor.size_ = size;
    return tensor;
}

size_t Tensor::bytes() const { return sizeof(float) * row() * column_capacity(size_.height); }

void Tensor::clear_surplus() const {
    const size_t used = size_t(channels_) * size_.width;
    for (int y = 0; y < size_.height; y++)
        std::fill(values_ + size_t(y) * row() + used, values_ + size_t(y + 1) * row(), 0.0f);
    std::fill(values_ + size_t(size_.height) * row(), values_ + bytes() / sizeof(float), 0.0f);
}

TiledImage Tensor::winograd_tiles(int m) const {
    const int columns = (size_.width + m - 1) / m, rows = (size_.height + m - 1) / m;
    const halide_dimension_t shape[] = {{0, channels_, 1}, {0, m, channels_},    {0, columns, m * channels_},
                                        {0, m, row()},     {0, rows, m * row()}, {0, 1, 0}};
    return TiledImage(values_, 6, shape);
}

Image Tensor::stored_from(Size corner) const {
    return view(offset_of(corner),
                {row_capacity(size_.width) - corner.width, column_capacity(size_.height) - corner.height});
}

Image Tensor::view(size_t offset, Size size) const {
    const halide_dimension_t shape[] = {{0, channels_, 1},
                                        {0, size.width, channels_},
                                        {0, size.height, row()},
                                        {0, 1, row() * column_capacity(size_.height)}};
    return Image(values_ + offset, 4, shape);
}

}  // namespace unet
