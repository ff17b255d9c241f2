// conv3x3_filter_grad: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_filter_grad.h"

namespace unet::generators {

class Conv3x3FilterGradGenerator : public TunedGenerator<Conv3x3FilterGradGenerator> {
public:
    GeneratorParam<bool> thin{"thin", false};
    Input<Buffer<float, 4>> in{"in"}, d_out{"d_out"}, out{"out"};
    Input<bool> relu{"relu"};
    Input<Buffer<float, 5>> d_filter_above{"d_filter_above"};
    Input<Buffer<float, 1>> d_bias_above{"d_bias_above"};
    Output<Buffer<float, 5>> d_filter{"d_filter"};
    Output<Buffer<float, 1>> d_bias{"d_bias"};

    void generate() {
        op_.emplace(in, d_out, out, relu, d_filter_above, d_bias_above, d_out.dim(1).extent(), d_out.dim(2).extent(), thin);
        d_filter = op_->d_filter;
        d_bias = op_->bias->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(d_out), start_at_zero(out);
        start_at_zero(d_filter_above), start_at_zero(d_bias_above), start_at_zero(d_filter), start_at_zero(d_bias);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3FilterGrad> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3FilterGradGenerator, conv3x3_filter_grad)
