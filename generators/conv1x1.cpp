// conv1x1: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv1x1.h"

namespace unet::generators {

class Conv1x1Generator : public TunedGenerator<Conv1x1Generator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<Buffer<float, 1>> bias{"bias"};
    Output<Buffer<float, 4>> out{"out"};

    void generate() {
        op_.emplace(in, filter, bias, in.dim(0).extent());
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(filter), start_at_zero(bias), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv1x1> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv1x1Generator, conv1x1)
