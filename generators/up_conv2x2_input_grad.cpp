// up_conv2x2_input_grad: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/up_conv2x2_input_grad.h"

namespace unet::generators {

class UpConv2x2InputGradGenerator : public TunedGenerator<UpConv2x2InputGradGenerator> {
public:
    Input<Buffer<float, 4>> d_out{"d_out"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<Buffer<float, 4>> in{"in"};
    Input<bool> relu{"relu"};
    Output<Buffer<float, 4>> d_in{"d_in"};

    void generate() {
        op_.emplace(d_out, filter, in, relu, d_out.dim(0).extent());
        d_in = op_->result;
    }
    void schedule() {
        start_at_zero(d_out), start_at_zero(filter), start_at_zero(in), start_at_zero(d_in);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<UpConv2x2InputGrad> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::UpConv2x2InputGradGenerator, up_conv2x2_input_grad)
