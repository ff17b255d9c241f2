// conv1x1_softmax: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv1x1_softmax.h"

namespace unet::generators {

class Conv1x1SoftmaxGenerator : public StoringGenerator<Conv1x1SoftmaxGenerator> {
public:
    Input<Buffer<void, 4>> in{"in"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<Buffer<float, 1>> bias{"bias"};
    Input<int> classes{"classes"};
    Input<bool> probabilities{"probabilities"};
    Output<Buffer<float, 4>> out{"out"};

    void configure() { in.set_type(storage); }
    void generate() {
        op_.emplace(in, filter, bias, in.dim(0).extent(), in.dim(1).extent(), classes, probabilities);
        out = op_->result;
        add_requirement(in.dim(1).extent() >= out.dim(1).extent(), "Input buffer in is narrower than out");
    }
    void schedule() {
        start_at_zero(in), start_at_zero(filter), start_at_zero(bias), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv1x1Softmax> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv1x1SoftmaxGenerator, conv1x1_softmax)
