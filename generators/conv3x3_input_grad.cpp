// conv3x3_input_grad: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_input_grad.h"

namespace unet::generators {

class Conv3x3InputGradGenerator : public TunedGenerator<Conv3x3InputGradGenerator> {
public:
    Input<Buffer<float, 4>> d_out{"d_out"}, out{"out"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<bool> relu{"relu"};
    Output<Buffer<float, 4>> d_in{"d_in"};

    void generate() {
        op_.emplace(d_out, out, filter, relu, d_out.dim(0).extent(), d_out.dim(1).extent(), d_out.dim(2).extent());
        d_in = op_->result;
    }
    void schedule() {
        start_at_zero(d_out), start_at_zero(out), start_at_zero(filter), start_at_zero(d_in);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3InputGrad> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3InputGradGenerator, conv3x3_input_grad)
