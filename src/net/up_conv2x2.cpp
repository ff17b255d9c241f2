#include "src/net/up_conv2x2.h"
#include "src/kernels/kernels.h"
#include "src/net/gradient_sums.h"

namespace unet {

void UpConv2x2::forward(const PreparedWeights &weights, const Tensor &in, Tensor &out, Rows rows) const {
    const float *p = weights.parameters().data();
    run(kernels().up_conv2x2, in.rows(input_rows(rows)).stored(), layout_.filter_view(p), layout_.bias_view(p),
        out.rows(rows).cells());
}

void UpConv2x2::backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor &d_in,
                         Parameters &gradient, Rows rows) const {
    Filter d_filter = layout_.filter_view(gradient.data());
    Vector d_bias = layout_.bias_view(gradient.data());
    if (!layout_.by_rows) rows = {0, d_in.size().height};
    begin_sums(rows, d_filter, d_bias);
    const Tensor in_rows = in.rows(rows), d_out_rows = d_out.rows({2 * rows.begin, 2 * rows.end});
    const auto kernel = layout_.by_rows ? kernels().up_conv2x2_filter_grad_rows : kernels().up_conv2x2_filter_grad;
    run(kernel, in_rows.exact(), d_out_rows.exact(), d_filter, d_bias, d_filter, d_bias);
    run(kernels().up_conv2x2_input_grad, d_out_rows.stored(), layout_.filter_view(weights.parameters().data()),
        in_rows.tiles(), true, d_in.rows(rows).tiles());
}

RowUse UpConv2x2::gradient_rows(const Tensor &d_in) const {
    const auto cells = [](Rows rows) { return Rows{2 * rows.begin, 2 * rows.end}; };
    return {layout_.by_rows ? d_in.size().height : 0, 2, cells};
}

}  // namespace unet
