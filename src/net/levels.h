// The layers of a U-Net and the activations between them, level by level.
#pragma once
#include "src/net/conv1x1.h"
#include "src/net/conv3x3.h"
#include "src/net/pool2x2.h"
#include "src/net/up_conv2x2.h"
#include <string>
#include <utility>
#include <vector>

namespace unet {

/// Two convolutions: a level of the contracting path, or the bottom.
struct Block {
    Conv3x3 conv1, conv2;
    Block(const ParameterLayout &layout, const std::string &name)
        : conv1(layout[name + ".conv1"]), conv2(layout[name + ".conv2"]) {}
};

/// A level of the expansive path.
struct UpBlock {
    UpConv2x2 up;
    Conv3x3Pair conv1;
    Conv3x3 conv2;
    UpBlock(const ParameterLayout &layout, const std::string &name)
        : up(layout[name + ".up"]), conv1(layout[name + ".conv1"]), conv2(layout[name + ".conv2"]) {}
};

/// Activations of a Block, or their gradients. `in` is shared with the pooling above it.
struct BlockTensors {
    Tensor in, mid, out;
    BlockTensors() = default;
    BlockTensors(Tensor in, int channels)
        : in(in), mid(channels, Conv3x3::output_size(in.size())), out(channels, Conv3x3::output_size(mid.size())) {}
    size_t bytes() const { return in.bytes() + mid.bytes() + out.bytes(); }
};

/// Activations of an UpBlock, or their gradients. `skip` is the gradient of the crop; unused among activations.
struct UpBlockTensors {
    Tensor up, skip, mid, out;
    UpBlockTensors() = default;
    UpBlockTensors(int channels, int below)
        : up(channels, UpConv2x2::output_size(below)), mid(channels, Conv3x3Pair::output_size(up.size())),
          out(channels, Conv3x3::output_size(mid.size())) {}
    size_t bytes() const { return up.bytes() + skip.bytes() + mid.bytes() + out.bytes(); }
};

/// All activations of one pass, or all their gradients.
struct NetTensors {
    std::vector<BlockTensors> encoder;
    BlockTensors bottom;
    std::vector<UpBlockTensors> decoder;
    Tensor logits;

    NetTensors() = default;
    NetTensors(const Architecture &architecture, int input);
    const Tensor &below(int level) const;  ///< what the up-convolution of `level` reads
    Tensor &below(int level) { return const_cast<Tensor &>(std::as_const(*this).below(level)); }
    const Tensor &features() const { return decoder.empty() ? bottom.out : decoder[0].out; }  ///< what the head reads
    Tensor &features() { return const_cast<Tensor &>(std::as_const(*this).features()); }
    size_t bytes() const;
};

}  // namespace unet
