// Where each filter and bias lies in a network's one buffer of parameters.
#pragma once
#include "src/base/rect.h"
#include "src/kernels/image.h"
#include "src/net/architecture.h"
#include "src/net/tensor_shape.h"
#include <cstdint>

namespace unet {

enum class Dense { conv3x3, up_conv2x2, conv1x1 };

/// Side of the Winograd tiles by which a conv3x3 between feature maps is computed; decided by channels and level only.
///
/// Tiled results equal the whole image's bit for bit only if every Winograd tile that counts lies inside the valid
/// windows. On cells of 12 pixels at the bottom, the second convolution of a level (as many channels in as out) has a
/// side of 12 n + 4, the first one 12 n + 6: there F(6x6) fits. Level 0 has pixels to spare, and
/// F(4x4) takes the same time there and rounds less.
constexpr int winograd_tile(int inputs, int outputs, int level) { return level == 0 || inputs == outputs ? 4 : 6; }

/// Whether the kernels of a conv3x3 at the bottom transform its filter themselves, each time. Most inputs give the
/// bottom few tiles to use a transform for, and reading four times as much took longer than to transform: with 512
/// channels at 28 x 28 (schedules/cpu/winograd_convolution.cpp), and also in the 256 of width 16.
constexpr bool large_filter(int inputs, int outputs) { return int64_t(inputs) * outputs >= 1 << 15; }

/// Whether the gradient to the filter of one input is summed by rows of the image: where there are many rows, and few
/// filters, whose sums lie in a second-level cache (schedules/cpu/conv3x3_filter_grad_rows.cpp). An up-convolution's
/// has 4 values where a conv3x3's has 36 Winograd elements.
constexpr bool sums_rows(Dense kind, int inputs, int outputs, int level) {
    return level <= 1 && inputs * outputs <= (kind == Dense::conv3x3 ? 64 : 128) * 64;
}

constexpr int gradient_tile = 4;  ///< of the Winograd form of gradients to the input, which have no seams

/// One layer with weights. A convolution behind a skip connection has two inputs, with a filter each.
struct DenseLayout {
    std::string name;  ///< as in PyTorch's state_dict: "decoder.0.conv1"
    Dense kind = Dense::conv3x3;
    int outputs = 0;                  ///< channels
    std::vector<int> inputs;          ///< channels of each input
    bool reads_image = false;         ///< its input is the network's own, whose channels are not padded
    int winograd = 0;                 ///< side of the Winograd tiles of a conv3x3 in pixels; 0: computed directly
    bool deep = false;                ///< its kernels transform the filter, not PreparedWeights
    bool by_rows = false;             ///< gradients to its filters and inputs can be computed some rows at a time
    size_t filter[2] = {}, bias = 0;  ///< offsets in floats, in Parameters
    size_t end = 0;                   ///< of the layer there, behind what pads its bias
    size_t index = 0;                 ///< in ParameterLayout

    int total_inputs() const;
    int taps() const { return kind == Dense::conv3x3 ? 3 : kind == Dense::up_conv2x2 ? 2 : 1; }
    int stored_inputs(int input) const { return reads_image ? inputs[input] : round_up(inputs[input], channel_block); }
    /// Of the forward pass over `pixels`: output pixels, or input pixels of an up-convolution. Channels as asked for.
    double multiply_adds(Size pixels) const;
    size_t filter_size(int input) const;
    size_t winograd_filter_size(int input, int tile) const;  ///< as its kernels read it
    size_t transformed_size() const;  ///< floats of the Winograd filters of all inputs; 0: there are none
    size_t turned_size() const;       ///< the same of those of the gradients to the inputs
    /// Floats of all filters as the forward pass reads them, and as the backward pass reads and writes them.
    size_t forward_filter_size() const;
    size_t backward_filter_size(bool to_inputs) const;

    Filter filter_view(float *parameters, int input = 0) const;
    Filter filter_view(const float *parameters, int input = 0) const;
    Vector bias_view(float *parameters) const;
    Vector bias_view(const float *parameters) const;
};

/// All layers with weights, in the order of the network: encoder from level 0 down, bottom, decoder from level 0 down,
/// head.
struct ParameterLayout {
    std::vector<DenseLayout> layers;
    size_t size = 0;                  ///< floats in all
    size_t transformed_size() const;  ///< of the Winograd filters of all layers

    explicit ParameterLayout(const Architecture &architecture);
    const DenseLayout &operator[](const std::string &name) const;
    /// Weight and bias of each layer.
    std::vector<TensorShape> tensors() const;
};

}  // namespace unet
