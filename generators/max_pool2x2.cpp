// max_pool2x2: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/max_pool2x2.h"

namespace unet::generators {

class MaxPool2x2Generator : public StoringGenerator<MaxPool2x2Generator> {
public:
    Input<Buffer<void, 4>> in{"in"};
    Output<Buffer<void, 4>> out{"out"};

    void configure() { in.set_type(storage), out.set_type(storage); }
    void generate() {
        op_.emplace(in, storage);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<MaxPool2x2> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::MaxPool2x2Generator, max_pool2x2)
