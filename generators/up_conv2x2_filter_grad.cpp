// up_conv2x2_filter_grad: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/up_conv2x2_filter_grad.h"

namespace unet::generators {

class UpConv2x2FilterGradGenerator : public TunedGenerator<UpConv2x2FilterGradGenerator> {
public:
    GeneratorParam<bool> by_rows{"by_rows", false};
    Input<Buffer<float, 4>> in{"in"}, d_out{"d_out"};
    Input<Buffer<float, 5>> d_filter_above{"d_filter_above"};
    Input<Buffer<float, 1>> d_bias_above{"d_bias_above"};
    Output<Buffer<float, 5>> d_filter{"d_filter"};
    Output<Buffer<float, 1>> d_bias{"d_bias"};

    void generate() {
        op_.emplace(in, d_out, d_filter_above, d_bias_above, in.dim(1).extent(), in.dim(2).extent(), by_rows);
        d_filter = op_->d_filter;
        d_bias = op_->bias.result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(d_out), start_at_zero(d_filter_above), start_at_zero(d_bias_above);
        start_at_zero(d_filter), start_at_zero(d_bias);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<UpConv2x2FilterGrad> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::UpConv2x2FilterGradGenerator, up_conv2x2_filter_grad)
