// max_pool2x2 and average_pool2x2 as a layer: which kernel gets which buffer.
#pragma once
#include "src/net/architecture.h"
#include "src/net/tensor.h"

namespace unet {

class Pool2x2 {
public:
    explicit Pool2x2(Pooling pooling) : pooling_(pooling) {}

    static int output_size(int input) { return input / 2; }
    static Rows input_rows(Rows out) { return {2 * out.begin, 2 * out.end}; }
    int row_unit() const { return 1; }

    /// These rows of `out`.
    void forward(const Tensor &in, Tensor &out, Rows rows) const;
    /// These rows of `d_in`, an even number: the gradient of the pooling plus `d_skip`, that of the skip connection's
    /// centre crop: before the ReLU that `in` comes from.
    void backward(const Tensor &in, const Tensor &d_out, const Tensor &d_skip, Tensor &d_in, Rows rows) const;

private:
    Pooling pooling_;
};

}  // namespace unet
