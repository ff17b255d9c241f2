// augment_image: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/augment_image.h"

namespace unet::generators {

class AugmentImageGenerator : public TunedGenerator<AugmentImageGenerator> {
public:
    Input<Buffer<float, 3>> in{"in"};
    Input<Buffer<float, 2>> affine{"affine"};
    Input<Buffer<float, 3>> grid{"grid"};
    Input<Buffer<float, 2>> column_nodes{"column_nodes"}, row_nodes{"row_nodes"};
    Input<Buffer<float, 1>> cut{"cut"}, step{"step"};
    Input<bool> cubic{"cubic"};
    Input<Buffer<float, 1>> blur{"blur"}, gray{"gray"};
    Input<uint32_t> seed{"seed"};
    Output<Buffer<float, 3>> out{"out"};

    void generate() {
        const Warp warp(affine, grid, column_nodes, row_nodes, cut, step, grid.dim(0).extent(), grid.dim(1).extent());
        op_.emplace(in, warp, in.dim(0).extent(), in.dim(1).extent(), in.dim(2).extent(), cubic, blur, gray, seed);
        out = op_->result;
    }
    void schedule() {
        for (int d = 0; d < 3; d++) in.dim(d).set_min(0), out.dim(d).set_min(0);
        in.dim(0).set_stride(1).dim(1).set_stride(in.dim(0).extent());
        out.dim(0).set_stride(1).set_bounds(0, in.dim(0).extent()).dim(1).set_stride(in.dim(0).extent());
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<AugmentImage> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::AugmentImageGenerator, augment_image)
