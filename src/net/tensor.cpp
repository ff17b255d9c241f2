#include "src/net/tensor.h"
#include <algorithm>
#include <cstdlib>
#include <new>

namespace unet {

Tensor::Tensor(int stored_channels, int size, int) : channels_(stored_channels), size_(size) {
    const size_t rounded = (bytes() + 63) / 64 * 64;
    auto *values = static_cast<float *>(std::aligned_alloc(64, rounded));
    if (!values) throw std::bad_alloc();
    std::fill_n(values, rounded / sizeof(float), 0.0f);
    values_ = {values, std::free};
}

Tensor::Tensor(int channels, int size) : Tensor(round_up(channels, channel_block), size, 0) {}

Tensor Tensor::unpadded(int channels, int size) { return Tensor(channels, size, 0); }

size_t Tensor::bytes() const { return sizeof(float) * channels_ * row_capacity(size_) * size_; }

Image Tensor::view(int offset, int width) const {
    const int row = channels_ * row_capacity(size_), height = size_ - 2 * offset;
    const halide_dimension_t shape[] = {{0, channels_, 1}, {0, width, channels_}, {0, height, row}, {0, 1, row * size_}};
    return Image(values_.get() + size_t(offset) * (row + channels_), 4, shape);
}

}  // namespace unet
