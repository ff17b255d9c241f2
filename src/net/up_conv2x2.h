// up_conv2x2 as a layer: which kernel gets which buffer. generators/up_conv2x2.h says what is computed.
#pragma once
#include "src/net/prepared_weights.h"
#include "src/net/tensor.h"

namespace unet {

class UpConv2x2 {
public:
    explicit UpConv2x2(const DenseLayout &layout) : layout_(layout) {}

    static int output_size(int input) { return 2 * input; }

    void forward(const PreparedWeights &weights, const Tensor &in, Tensor &out) const;
    /// Overwrites this layer's part of `gradient`, and `d_in`: before the ReLU that `in` comes from.
    void backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor &d_in,
                  Parameters &gradient) const;

private:
    DenseLayout layout_;
};

}  // namespace unet
