// up_conv2x2 as a layer: which kernel gets which buffer. generators/up_conv2x2.h says what is computed.
#pragma once
#include "src/net/prepared_weights.h"
#include "src/net/strips.h"
#include "src/net/tensor.h"

namespace unet {

class UpConv2x2 {
public:
    explicit UpConv2x2(const DenseLayout &layout) : layout_(layout) {}

    static int output_size(int input) { return 2 * input; }
    static Rows input_rows(Rows out) { return {out.begin / 2, (out.end + 1) / 2}; }
    int row_unit() const { return 2; }
    RowUse gradient_rows(const Tensor &d_in) const;  ///< as Conv3x3 says

    /// These rows of `out`; they begin and end at multiples of row_unit().
    void forward(const PreparedWeights &weights, const Tensor &in, Tensor &out, Rows rows) const;
    /// Overwrites this layer's part of `gradient`, and `d_in`: before the ReLU that `in` comes from. `rows` of `d_in`,
    /// as Conv3x3 says.
    void backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor &d_in,
                  Parameters &gradient, Rows rows) const;

private:
    DenseLayout layout_;
};

}  // namespace unet
