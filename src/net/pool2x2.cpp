#include "src/net/pool2x2.h"
#include "src/kernels/kernels.h"

namespace unet {

void Pool2x2::forward(const Tensor &in, Tensor &out, Rows rows) const {
    run(pooling_ == Pooling::max ? kernels().max_pool2x2 : kernels().average_pool2x2, in.rows(input_rows(rows)).exact(),
        out.rows(rows).exact());
}

void Pool2x2::backward(const Tensor &in, const Tensor &d_out, const Tensor &d_skip, Tensor &d_in, Rows rows) const {
    const Size corner = in.crop_corner(d_skip.size());
    run(pooling_ == Pooling::max ? kernels().max_pool2x2_input_grad : kernels().average_pool2x2_input_grad,
        in.rows(rows).exact(), d_out.rows({rows.begin / 2, rows.end / 2}).exact(),
        d_skip.exact().translated(1, corner.width).translated(2, corner.height - rows.begin), true,
        d_in.rows(rows).exact());
}

}  // namespace unet
