#include "src/net/conv3x3.h"
#include "src/kernels/kernels.h"

namespace unet {

namespace {

constexpr bool relu = true;

auto filter_grad(const DenseLayout &layout) {
    if (layout.reads_image) return kernels().conv3x3_filter_grad_thin;
    return layout.winograd ? kernels().conv3x3_filter_grad_winograd4 : kernels().conv3x3_filter_grad;
}

void input_grad(const PreparedWeights &weights, const DenseLayout &layout, int input, const Tensor &out,
                const Tensor &d_out, Tensor &d_in) {
    if (layout.winograd) {
        const TiledImage tiles = d_in.winograd_tiles(gradient_tile);
        run(kernels().conv3x3_input_grad_winograd4, d_out.exact(), out.exact(), weights.turned(layout, input), relu,
            tiles.dim(2).extent(), tiles.dim(4).extent(), tiles);
    } else
        run(kernels().conv3x3_input_grad, d_out.exact(), out.exact(),
            layout.filter_view(weights.parameters().data(), input), relu, d_in.tiles());
}

}  // namespace

void Conv3x3::forward(const PreparedWeights &weights, const Tensor &in, Tensor &out) const {
    const float *p = weights.parameters().data();
    if (!layout_.winograd) {
        run(kernels().conv3x3, in.stored(), layout_.filter_view(p), layout_.bias_view(p), relu, out.tiles());
        return;
    }
    const auto kernel = layout_.winograd == 4 ? kernels().conv3x3_winograd4 : kernels().conv3x3_winograd3;
    const TiledImage tiles = out.winograd_tiles(layout_.winograd);
    run(kernel, in.stored(), weights.transformed(layout_, 0), layout_.bias_view(p), relu, tiles.dim(2).extent(),
        tiles.dim(4).extent(), tiles);
}

void Conv3x3::backward(const PreparedWeights &weights, const Tensor &in, const Tensor &out, const Tensor &d_out,
                       Tensor *d_in, Parameters &gradient) const {
    float *g = gradient.data();
    run(filter_grad(layout_), in.exact(), d_out.exact(), out.exact(), relu, layout_.filter_view(g),
        layout_.bias_view(g));
    if (d_in) input_grad(weights, layout_, 0, out, d_out, *d_in);
}

void Conv3x3Pair::forward(const PreparedWeights &weights, const Tensor &skip, const Tensor &up, Tensor &out) const {
    const auto kernel = layout_.winograd == 4 ? kernels().conv3x3_pair_winograd4 : kernels().conv3x3_pair_winograd3;
    const TiledImage tiles = out.winograd_tiles(layout_.winograd);
    run(kernel, skip.stored_from_crop(up.size()), up.stored(), weights.transformed(layout_, 0),
        weights.transformed(layout_, 1), layout_.bias_view(weights.parameters().data()), relu, tiles.dim(2).extent(),
        tiles.dim(4).extent(), tiles);
}

void Conv3x3Pair::backward(const PreparedWeights &weights, const Tensor &skip, const Tensor &up, const Tensor &out,
                           const Tensor &d_out, Tensor &d_skip, Tensor &d_up, Parameters &gradient) const {
    const Image inputs[] = {skip.crop(up.size()), up.exact()};
    Tensor *d_inputs[] = {&d_skip, &d_up};
    float *g = gradient.data();
    for (int input = 0; input < 2; input++) {
        run(filter_grad(layout_), inputs[input], d_out.exact(), out.exact(), relu, layout_.filter_view(g, input),
            layout_.bias_view(g));
        input_grad(weights, layout_, input, out, d_out, *d_inputs[input]);
    }
}

}  // namespace unet
