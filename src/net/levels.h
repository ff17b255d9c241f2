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

/// Size of what `Layer` makes of an image of `input`.
template<class Layer>
Size output_of(Size input) {
    return {Layer::output_size(input.width), Layer::output_size(input.height)};
}

/// Two convolutions: a level of the contracting path, or the bottom.
struct Block {
    Conv3x3 conv1, conv2;
    Block(const ParameterLayout &layout, const std::string &name)
        : conv1(layout[name + ".conv1"], false), conv2(layout[name + ".conv2"], true) {}
};

/// A level of the expansive path.
struct UpBlock {
    UpConv2x2 up;
    Conv3x3Pair conv1;
    Conv3x3 conv2;
    UpBlock(const ParameterLayout &layout, const std::string &name)
        : up(layout[name + ".up"]), conv1(layout[name + ".conv1"]), conv2(layout[name + ".conv2"], true) {}
};

/// Activations of a Block, or their gradients.
struct BlockTensors {
    Tensor in, mid, out;
    BlockTensors() = default;
    BlockTensors(Tensor in, int channels)
        : in(in), mid(channels, output_of<Conv3x3>(in.size())), out(channels, output_of<Conv3x3>(mid.size())) {}
};

/// Activations of an UpBlock, or their gradients. `skip` is the gradient of the crop; unused among activations.
struct UpBlockTensors {
    Tensor up, skip, mid, out;
    UpBlockTensors() = default;
    UpBlockTensors(int channels, Size below)
        : up(channels, output_of<UpConv2x2>(below)), skip(channels, up.size()),
          mid(channels, output_of<Conv3x3Pair>(up.size())), out(channels, output_of<Conv3x3>(mid.size())) {}
};

/// All activations of one pass, or all their gradients.
struct NetTensors {
    std::vector<BlockTensors> encoder;
    BlockTensors bottom;
    std::vector<UpBlockTensors> decoder;
    Tensor logits;

    NetTensors() = default;
    NetTensors(const Architecture &architecture, Size input);
    /// What the pooling of encoder `level` writes.
    Tensor &pooled(int level) { return level + 1 < int(encoder.size()) ? encoder[level + 1].in : bottom.in; }
    const Tensor &below(int level) const;  ///< what the up-convolution of `level` reads
    Tensor &below(int level) { return const_cast<Tensor &>(std::as_const(*this).below(level)); }
    const Tensor &features() const { return decoder.empty() ? bottom.out : decoder[0].out; }  ///< what the head reads
    Tensor &features() { return const_cast<Tensor &>(std::as_const(*this).features()); }
};

}  // namespace unet
