// conv3x3_filter_grad_winograd: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_filter_grad_winograd.h"

namespace unet::generators {

class Conv3x3FilterGradWinogradGenerator : public TunedGenerator<Conv3x3FilterGradWinogradGenerator> {
public:
    GeneratorParam<bool> few_tiles{"few_tiles", false};
    Input<Buffer<float, 4>> in{"in"}, d_out{"d_out"};
    Input<int> width{"width"}, height{"height"};
    Output<Buffer<float, 5>> d_filter{"d_filter"};
    Output<Buffer<float, 1>> d_bias{"d_bias"};

    void generate() {
        op_.emplace(in, d_out, in.dim(0).extent(), d_out.dim(0).extent(), width, height, few_tiles);
        d_filter = op_->d_filter;
        d_bias = op_->bias.result;
    }
    void schedule() {
        start_at_zero(in), start_at_border(d_out), start_at_zero(d_filter), start_at_zero(d_bias);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3FilterGradWinograd> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3FilterGradWinogradGenerator, conv3x3_filter_grad_winograd)
