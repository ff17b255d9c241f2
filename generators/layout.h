// The layout all kernels agree on.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// Filters are stored in blocks of this many output channels: [16, taps x, taps y, K, C / 16]. One AVX-512 vector, two
/// of AVX2: so a register tile reads one contiguous stream.
constexpr int channel_block = 16;

/// Element of a blocked filter for output channel `c`, tap (i, j), input channel `k`.
inline Halide::Expr filter_at(const Halide::Func &filter, const Halide::Expr &c, const Halide::Expr &i,
                              const Halide::Expr &j, const Halide::Expr &k) {
    return filter(c % channel_block, i, j, k, c / channel_block);
}

/// Buffers start at 0 in every dimension, and channels are dense.
template<class Buffer>
void start_at_zero(Buffer &buffer) {
    for (int d = 0; d < buffer.dimensions(); d++) buffer.dim(d).set_min(0);
    buffer.dim(0).set_stride(1);
}

/// The same, but two columns and two rows lie before the image.
template<class Buffer>
void start_at_border(Buffer &buffer) {
    start_at_zero(buffer);
    buffer.dim(1).set_min(-2), buffer.dim(2).set_min(-2);
}

}  // namespace unet::generators
