// augment_labels: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/augment_labels.h"
#include "generators/layout.h"

namespace unet::generators {

class AugmentLabelsGenerator : public TunedGenerator<AugmentLabelsGenerator> {
public:
    Input<Buffer<uint32_t, 2>> in{"in"};
    Input<Buffer<float, 2>> affine{"affine"};
    Input<Buffer<float, 3>> grid{"grid"};
    Input<Buffer<float, 2>> column_nodes{"column_nodes"}, row_nodes{"row_nodes"};
    Input<Buffer<float, 1>> cut{"cut"}, step{"step"};
    Output<Buffer<uint32_t, 2>> out{"out"};

    void generate() {
        const Warp warp(affine, grid, column_nodes, row_nodes, cut, step, grid.dim(0).extent(), grid.dim(1).extent());
        op_.emplace(in, warp, in.dim(0).extent(), in.dim(1).extent());
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<AugmentLabels> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::AugmentLabelsGenerator, augment_labels)
