// adam: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/adam.h"

namespace unet::generators {

class AdamGenerator : public TunedGenerator<AdamGenerator> {
public:
    Input<Buffer<float, 1>> weight{"weight"}, mean{"mean"}, square{"square"}, gradient{"gradient"};
    Input<float> step{"step"}, root{"root"}, a{"a"}, b{"b"}, epsilon{"epsilon"}, keep{"keep"};
    Output<Func> moved{"moved", std::vector<Halide::Type>(3, Halide::Float(32)), 1};  // new weight, mean, square

    void generate() {
        op_.emplace(weight, mean, square, gradient, step, root, a, b, epsilon, keep);
        moved = op_->result;
    }
    void schedule() { generators::schedule(*op_, get_target(), knobs()); }

private:
    std::optional<Adam> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::AdamGenerator, adam)
