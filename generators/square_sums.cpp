// square_sums: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/square_sums.h"

namespace unet::generators {

class SquareSumsGenerator : public TunedGenerator<SquareSumsGenerator> {
public:
    Input<Buffer<float, 1>> in{"in"};
    Output<Buffer<double, 1>> sums{"sums"};

    void generate() {
        op_.emplace(in, in.dim(0).extent());
        sums = op_->sums;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(sums);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<SquareSums> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::SquareSumsGenerator, square_sums)
