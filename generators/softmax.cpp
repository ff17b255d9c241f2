// softmax: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/softmax.h"

namespace unet::generators {

class SoftmaxGenerator : public TunedGenerator<SoftmaxGenerator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Input<int> classes{"classes"};
    Output<Buffer<float, 4>> out{"out"};

    void generate() {
        op_.emplace(in, classes);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Softmax> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::SoftmaxGenerator, softmax)
