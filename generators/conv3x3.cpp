// conv3x3: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3.h"

namespace unet::generators {

class Conv3x3Generator : public StoringGenerator<Conv3x3Generator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<Buffer<float, 1>> bias{"bias"};
    Input<bool> relu{"relu"};
    Output<Buffer<void, 4>> out{"out"};

    void configure() { out.set_type(storage); }
    void generate() {
        op_.emplace(in, filter, bias, relu, in.dim(0).extent(), storage);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(filter), start_at_zero(bias), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3Generator, conv3x3)
