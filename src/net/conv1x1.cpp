#include "src/net/conv1x1.h"
#include "src/kernels/kernels.h"
#include "src/net/gradient_sums.h"

namespace unet {

void Conv1x1::forward(const PreparedWeights &weights, const Tensor &in, Tensor &out, Rows rows) const {
    const float *p = weights.parameters().data();
    run(kernels().conv1x1, in.rows(rows).stored(), layout_.filter_view(p), layout_.bias_view(p),
        out.rows(rows).tiles());
}

void Conv1x1::classify(const PreparedWeights &weights, const Tensor &in, bool probabilities, Pixels &out,
                       Rows rows) const {
    const float *p = weights.parameters().data();
    const Image dense(out.row(rows.begin), out.channels, out.width, rows.count(), 1);
    run(kernels().conv1x1_softmax, in.rows(rows).stored(), layout_.filter_view(p), layout_.bias_view(p), out.channels,
        probabilities, dense);
}

void Conv1x1::backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor &d_in,
                       Parameters &gradient, Rows rows) const {
    Filter d_filter = layout_.filter_view(gradient.data());
    Vector d_bias = layout_.bias_view(gradient.data());
    begin_sums(rows, d_filter, d_bias);
    const Tensor in_rows = in.rows(rows), d_out_rows = d_out.rows(rows);
    run(kernels().conv1x1_filter_grad, in_rows.exact(), d_out_rows.exact(), d_filter, d_bias, d_filter, d_bias);
    run(kernels().conv1x1_input_grad, d_out_rows.stored(), layout_.filter_view(weights.parameters().data()),
        in_rows.tiles(), true, d_in.rows(rows).tiles());
}

}  // namespace unet
