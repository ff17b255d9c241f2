#include "src/net/conv3x3.h"
#include "src/kernels/kernels.h"

namespace unet {

namespace {
constexpr bool relu = true;
int crop_offset(const Tensor &skip, const Tensor &up) { return (skip.size() - up.size()) / 2; }
}  // namespace

void Conv3x3::forward(const Parameters &parameters, const Tensor &in, Tensor &out) const {
    const float *p = parameters.data();
    run(kernels().conv3x3, in.stored(), layout_.filter_view(p), layout_.bias_view(p), relu, out.tiles());
}

void Conv3x3::backward(const Parameters &parameters, const Tensor &in, const Tensor &out, const Tensor &d_out, Tensor *d_in,
                       Parameters &gradient) const {
    const auto filter_grad = layout_.reads_image ? kernels().conv3x3_filter_grad_thin : kernels().conv3x3_filter_grad;
    float *g = gradient.data();
    run(filter_grad, in.exact(), d_out.exact(), out.exact(), relu, layout_.filter_view(g), layout_.bias_view(g));
    if (d_in)
        run(kernels().conv3x3_input_grad, d_out.exact(), out.exact(), layout_.filter_view(parameters.data()), relu, d_in->tiles());
}

void Conv3x3Pair::forward(const Parameters &parameters, const Tensor &skip, const Tensor &up, Tensor &out) const {
    const float *p = parameters.data();
    run(kernels().conv3x3_pair, skip.stored_from(crop_offset(skip, up)), up.stored(), layout_.filter_view(p, 0),
        layout_.filter_view(p, 1), layout_.bias_view(p), relu, out.tiles());
}

void Conv3x3Pair::backward(const Parameters &parameters, const Tensor &skip, const Tensor &up, const Tensor &out,
                           const Tensor &d_out, Tensor &d_skip, Tensor &d_up, Parameters &gradient) const {
    const Image inputs[] = {skip.crop(crop_offset(skip, up)), up.exact()};
    const Image d_inputs[] = {d_skip.tiles(), d_up.tiles()};
    float *g = gradient.data();
    for (int input = 0; input < 2; input++) {
        run(kernels().conv3x3_filter_grad, inputs[input], d_out.exact(), out.exact(), relu, layout_.filter_view(g, input),
            layout_.bias_view(g));
        run(kernels().conv3x3_input_grad, d_out.exact(), out.exact(), layout_.filter_view(parameters.data(), input), relu,
            d_inputs[input]);
    }
}

}  // namespace unet
