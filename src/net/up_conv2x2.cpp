#include "src/net/up_conv2x2.h"
#include "src/kernels/kernels.h"

namespace unet {

void UpConv2x2::forward(const PreparedWeights &weights, const Tensor &in, Tensor &out, Rows rows) const {
    const float *p = weights.parameters().data();
    run(kernels().up_conv2x2, in.rows(input_rows(rows)).stored(), layout_.filter_view(p), layout_.bias_view(p),
        out.rows(rows).cells());
}

void UpConv2x2::backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor &d_in,
                         Parameters &gradient) const {
    float *g = gradient.data();
    run(kernels().up_conv2x2_filter_grad, in.exact(), d_out.exact(), layout_.filter_view(g), layout_.bias_view(g));
    run(kernels().up_conv2x2_input_grad, d_out.stored(), layout_.filter_view(weights.parameters().data()), in.tiles(),
        true, d_in.tiles());
}

}  // namespace unet
