// Where each filter and bias lies in a network's one buffer of parameters.
#pragma once
#include "src/kernels/image.h"
#include "src/net/architecture.h"
#include "src/net/tensor_shape.h"

namespace unet {

enum class Dense { conv3x3, up_conv2x2, conv1x1 };

/// One layer with weights. A convolution behind a skip connection has two inputs, with a filter each.
struct DenseLayout {
    std::string name;  ///< as in PyTorch's state_dict: "decoder.0.conv1"
    Dense kind = Dense::conv3x3;
    int outputs = 0;          ///< channels
    std::vector<int> inputs;  ///< channels of each input
    bool reads_image = false;  ///< its input is the network's own, whose channels are not padded
    size_t filter[2] = {}, bias = 0;  ///< offsets in floats

    int total_inputs() const;
    int taps() const { return kind == Dense::conv3x3 ? 3 : kind == Dense::up_conv2x2 ? 2 : 1; }
    int stored_inputs(int input) const { return reads_image ? inputs[input] : round_up(inputs[input], channel_block); }
    size_t filter_size(int input) const;

    Filter filter_view(float *parameters, int input = 0) const;
    Filter filter_view(const float *parameters, int input = 0) const;
    Vector bias_view(float *parameters) const;
    Vector bias_view(const float *parameters) const;
};

/// All layers with weights, in the order of the network: encoder from level 0 down, bottom, decoder from level 0 down, head.
struct ParameterLayout {
    std::vector<DenseLayout> layers;
    size_t size = 0;  ///< floats in all

    explicit ParameterLayout(const Architecture &architecture);
    const DenseLayout &operator[](const std::string &name) const;
    /// Weight and bias of each layer.
    std::vector<TensorShape> tensors() const;
};

}  // namespace unet
