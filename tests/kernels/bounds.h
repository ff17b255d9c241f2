// What halo tests share: Halide's bounds query, which asks a kernel how much it reads, and computes nothing.
#pragma once
#include "src/kernels/kernels.h"
#include "src/net/tensor.h"

namespace unet::test {

/// Buffers without memory: the query sets their sizes to what the kernel needs.
inline Image unallocated(int channels, int width, int height, int tiles = 1) {
    return Image(static_cast<float *>(nullptr), channels, width, height, tiles);
}
inline Filter unallocated_filter(int taps, int inputs, int blocks) {
    return Filter(static_cast<float *>(nullptr), channel_block, taps, taps, inputs, blocks);
}
inline Vector unallocated_bias(int channels) { return Vector(static_cast<float *>(nullptr), channels); }

template<class... Parameters, class... Arguments>
void query(int (*kernel)(const void *, Parameters...), Arguments &&...arguments) {
    install_halide_hooks();
    RunContext context;
    const auto raw = [](auto &argument) {
        if constexpr (requires { argument.raw_buffer(); }) return argument.raw_buffer();
        else return argument;
    };
    check_kernel(kernel(&context, raw(arguments)...), context);
}

inline int width(const Image &image) { return image.dim(1).extent(); }
inline int height(const Image &image) { return image.dim(2).extent(); }

}  // namespace unet::test
