// axpby: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/axpby.h"

namespace unet::generators {

class AxpbyGenerator : public TunedGenerator<AxpbyGenerator> {
public:
    Input<Buffer<float, 1>> x{"x"}, y{"y"};
    Input<float> a{"a"}, b{"b"};
    Output<Buffer<float, 1>> out{"out"};

    void generate() {
        op_.emplace(x, y, a, b);
        out = op_->result;
    }
    void schedule() { generators::schedule(*op_, get_target(), knobs()); }

private:
    std::optional<Axpby> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::AxpbyGenerator, axpby)
