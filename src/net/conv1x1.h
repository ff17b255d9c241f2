// conv1x1 as a layer: which kernel gets which buffer. generators/conv1x1.h says what is computed.
#pragma once
#include "src/base/array.h"
#include "src/net/prepared_weights.h"
#include "src/net/tensor.h"

namespace unet {

class Conv1x1 {
public:
    explicit Conv1x1(const DenseLayout &layout) : layout_(layout) {}

    static int output_size(int input) { return input; }
    static Rows input_rows(Rows out) { return out; }
    int row_unit() const { return 1; }

    /// These rows of `out`.
    void forward(const PreparedWeights &weights, const Tensor &in, Tensor &out, Rows rows) const;
    /// The same, and the softmax of it if `probabilities`. out [classes, W, H].
    void classify(const PreparedWeights &weights, const Tensor &in, bool probabilities, Pixels &out, Rows rows) const;
    /// These rows of `d_in`, first to last: before the ReLU that `in` comes from; and what they add to this layer's
    /// part of `gradient`, which the first overwrite.
    void backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor &d_in,
                  Parameters &gradient, Rows rows) const;

private:
    DenseLayout layout_;
};

}  // namespace unet
