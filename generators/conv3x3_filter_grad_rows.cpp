// conv3x3_filter_grad_rows: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_filter_grad_rows.h"

namespace unet::generators {

class Conv3x3FilterGradRowsGenerator : public TunedGenerator<Conv3x3FilterGradRowsGenerator> {
public:
    Input<Buffer<float, 4>> in{"in"}, d_out{"d_out"};
    Input<int> width{"width"}, height{"height"};
    Input<Buffer<float, 5>> d_filter_above{"d_filter_above"};
    Input<Buffer<float, 1>> d_bias_above{"d_bias_above"};
    Output<Buffer<float, 5>> d_filter{"d_filter"};
    Output<Buffer<float, 1>> d_bias{"d_bias"};

    void generate() {
        op_.emplace(in, d_out, d_filter_above, d_bias_above, in.dim(0).extent(), d_out.dim(0).extent(), width, height);
        d_filter = op_->d_filter;
        d_bias = op_->bias.result;
    }
    void schedule() {
        start_at_zero(in), start_at_border(d_out);
        start_at_zero(d_filter_above), start_at_zero(d_bias_above), start_at_zero(d_filter), start_at_zero(d_bias);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3FilterGradRows> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3FilterGradRowsGenerator, conv3x3_filter_grad_rows)
