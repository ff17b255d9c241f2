// conv3x3_input_grad_winograd: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_input_grad_winograd.h"

namespace unet::generators {

class Conv3x3InputGradWinogradGenerator : public TunedGenerator<Conv3x3InputGradWinogradGenerator> {
public:
    GeneratorParam<int> tile{"tile", 4};  // m
    GeneratorParam<bool> deep{"deep", false};
    Input<Buffer<float, 4>> d_out{"d_out"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<Buffer<float, 4>> in{"in"};
    Input<bool> relu{"relu"};
    Input<int> tiles_x{"tiles_x"}, tiles_y{"tiles_y"};
    Output<Buffer<float, 6>> d_in{"d_in"};

    void generate() {
        op_.emplace(tile, d_out, filter, in, relu, d_out.dim(0).extent(), tiles_x, tiles_y, deep);
        d_in = op_->result;
    }
    void schedule() {
        start_at_border(d_out), start_at_zero(filter), start_at_zero(in), start_at_zero(d_in);
        d_in.dim(2).set_extent(tiles_x), d_in.dim(4).set_extent(tiles_y);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3InputGradWinograd> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3InputGradWinogradGenerator, conv3x3_input_grad_winograd)
