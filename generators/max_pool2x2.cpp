// max_pool2x2: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/max_pool2x2.h"

namespace unet::generators {

class MaxPool2x2Generator : public TunedGenerator<MaxPool2x2Generator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Output<Buffer<float, 4>> out{"out"};

    void generate() {
        op_.emplace(in);
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
