// average_pool2x2_input_grad: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/average_pool2x2_input_grad.h"

namespace unet::generators {

class AveragePool2x2InputGradGenerator : public TunedGenerator<AveragePool2x2InputGradGenerator> {
public:
    Input<Buffer<float, 4>> in{"in"}, d_out{"d_out"}, d_skip{"d_skip"};
    Input<bool> relu{"relu"};
    Output<Buffer<float, 4>> d_in{"d_in"};

    void generate() {
        const auto skip = Halide::BoundaryConditions::constant_exterior(
            d_skip, 0.0f,
            {{}, {d_skip.dim(1).min(), d_skip.dim(1).extent()}, {d_skip.dim(2).min(), d_skip.dim(2).extent()}, {}});
        op_.emplace(in, d_out, skip, relu, d_out.dim(1).extent(), d_out.dim(2).extent());
        d_in = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(d_out), start_at_zero(d_in);
        d_skip.dim(0).set_min(0).set_stride(1);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<AveragePool2x2InputGrad> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::AveragePool2x2InputGradGenerator, average_pool2x2_input_grad)
