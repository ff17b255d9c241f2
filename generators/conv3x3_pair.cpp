// conv3x3_pair: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_pair.h"

namespace unet::generators {

class Conv3x3PairGenerator : public TunedGenerator<Conv3x3PairGenerator> {
public:
    Input<Buffer<float, 4>> a{"a"}, b{"b"};
    Input<Buffer<float, 5>> filter_a{"filter_a"}, filter_b{"filter_b"};
    Input<Buffer<float, 1>> bias{"bias"};
    Input<bool> relu{"relu"};
    Output<Buffer<float, 4>> out{"out"};

    void generate() {
        op_.emplace(a, b, filter_a, filter_b, bias, relu, a.dim(0).extent(), b.dim(0).extent());
        out = op_->result;
    }
    void schedule() {
        start_at_zero(a), start_at_zero(b), start_at_zero(filter_a), start_at_zero(filter_b);
        start_at_zero(bias), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3Pair> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3PairGenerator, conv3x3_pair)
