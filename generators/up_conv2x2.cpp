// up_conv2x2: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/up_conv2x2.h"

namespace unet::generators {

class UpConv2x2Generator : public StoringGenerator<UpConv2x2Generator> {
public:
    Input<Buffer<void, 4>> in{"in"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<Buffer<float, 1>> bias{"bias"};
    Output<Buffer<void, 6>> out{"out"};

    void configure() { in.set_type(storage), out.set_type(storage); }
    void generate() {
        op_.emplace(in, filter, bias, in.dim(0).extent(), storage);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(filter), start_at_zero(bias), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<UpConv2x2> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::UpConv2x2Generator, up_conv2x2)
