// dropout: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/dropout.h"

namespace unet::generators {

class DropoutGenerator : public TunedGenerator<DropoutGenerator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Input<uint32_t> seed{"seed"}, threshold{"threshold"};
    Input<float> scale{"scale"};
    Output<Buffer<float, 4>> out{"out"};

    void generate() {
        op_.emplace(in, seed, threshold, scale);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Dropout> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::DropoutGenerator, dropout)
