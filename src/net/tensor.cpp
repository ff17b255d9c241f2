#include "src/net/tensor.h"

namespace unet {

Tensor::Tensor(int stored_channels, int size, int) : channels_(stored_channels), size_(size) {
    values_ = std::make_shared<FloatBuffer>(bytes() / sizeof(float));
}

Tensor::Tensor(int channels, int size) : Tensor(round_up(channels, channel_block), size, 0) {}

Tensor Tensor::unpadded(int channels, int size) { return Tensor(channels, size, 0); }

size_t Tensor::bytes() const { return sizeof(float) * channels_ * row_capacity(size_) * column_capacity(size_); }

TiledImage Tensor::winograd_tiles(int m) const {
    const int row = channels_ * row_capacity(size_), count = (size_ + m - 1) / m;
    const halide_dimension_t shape[] = {{0, channels_, 1}, {0, m, channels_},   {0, count, m * channels_},
                                        {0, m, row},       {0, count, m * row}, {0, 1, 0}};
    return TiledImage(values_->data(), 6, shape);
}

Image Tensor::view(int offset, int width, int height) const {
    const int row = channels_ * row_capacity(size_);
    const halide_dimension_t shape[] = {
        {0, channels_, 1}, {0, width, channels_}, {0, height, row}, {0, 1, row * column_capacity(size_)}};
    return Image(values_->data() + size_t(offset) * (row + channels_), 4, shape);
}

}  // namespace unet
