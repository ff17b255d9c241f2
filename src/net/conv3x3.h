// conv3x3 as a layer: which kernel gets which buffer. Valid, ReLU fused; generators/conv3x3.h says what is computed.
#pragma once
#include "src/net/prepared_weights.h"
#include "src/net/strips.h"
#include "src/net/tensor.h"

namespace unet {

class Conv3x3 {
public:
    /// `behind_relu`: the input comes from a ReLU.
    Conv3x3(const DenseLayout &layout, bool behind_relu) : layout_(layout), behind_relu_(behind_relu) {}

    static int output_size(int input) { return input - 2; }
    static Rows input_rows(Rows out) { return {out.begin, out.end + 2}; }
    int row_unit() const { return layout_.winograd ? layout_.winograd : 1; }
    /// What `backward` computes some rows of `d_in` at a time, or takes of `d_out` where that is null; height 0: it
    /// cannot.
    RowUse gradient_rows(const Tensor *d_in, const Tensor &d_out) const;
    /// Of the large temporaries of `backward`, for a `d_out` of `size`.
    size_t scratch_bytes(Size size) const;

    /// These rows of `out`; they begin at a multiple of row_unit(), and end at one or with the image.
    void forward(const PreparedWeights &weights, const Tensor &in, Tensor &out, Rows rows) const;
    /// `d_out`: before this layer's ReLU. Overwrites this layer's part of `gradient`, and `d_in` unless it is null:
    /// before the ReLU that `in` comes from, if any. With gradient_rows these rows of `d_in`, first to last, and what
    /// the same rows of `d_out` add to `gradient`; else all whatever `rows` are.
    void backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor *d_in,
                  Parameters &gradient, Rows rows) const;

private:
    DenseLayout layout_;
    bool behind_relu_;
};

/// conv3x3 of a skip connection and an up-convolved image, which stay where they are: the skip is read at its crop's
/// offset.
class Conv3x3Pair {
public:
    explicit Conv3x3Pair(const DenseLayout &layout) : layout_(layout) {}

    static int output_size(int input) { return input - 2; }
    static Rows input_rows(Rows out) { return {out.begin, out.end + 2}; }
    int row_unit() const { return layout_.winograd; }
    RowUse gradient_rows(const Tensor &d_up) const;  ///< as Conv3x3 says
    size_t scratch_bytes(Size size) const;           ///< as Conv3x3 says

    /// These rows of `out`, as Conv3x3 does. `skip` is larger than `up`; its centre counts.
    void forward(const PreparedWeights &weights, const Tensor &skip, const Tensor &up, Tensor &out, Rows rows) const;
    /// `d_out`: before this layer's ReLU. `d_skip` has the size of the crop. `rows` of both, as Conv3x3 says.
    void backward(const PreparedWeights &weights, const Tensor &skip, const Tensor &up, const Tensor &d_out,
                  Tensor &d_skip, Tensor &d_up, Parameters &gradient, Rows rows) const;

private:
    DenseLayout layout_;
};

}  // namespace unet
