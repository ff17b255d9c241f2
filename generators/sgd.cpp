// sgd: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/sgd.h"

namespace unet::generators {

class SgdGenerator : public TunedGenerator<SgdGenerator> {
public:
    Input<Buffer<float, 1>> weight{"weight"}, momentum{"momentum"}, gradient{"gradient"};
    Input<float> rate{"rate"}, mu{"mu"};
    Output<Func> moved{"moved", {Halide::Float(32), Halide::Float(32)}, 1};  // new weight, new momentum

    void generate() {
        op_.emplace(weight, momentum, gradient, rate, mu);
        moved = op_->result;
    }
    void schedule() { generators::schedule(*op_, get_target(), knobs()); }

private:
    std::optional<Sgd> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::SgdGenerator, sgd)
