// dice_input_grad: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/dice_input_grad.h"

namespace unet::generators {

class DiceInputGradGenerator : public TunedGenerator<DiceInputGradGenerator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Input<Buffer<uint8_t, 3>> label{"label"};
    Input<Buffer<float, 3>> weight{"weight"};
    Input<int> classes{"classes"};
    Input<Buffer<float, 1>> by_overlap{"by_overlap"};
    Input<Buffer<float, 1>> by_size{"by_size"};
    Input<float> scale{"scale"};
    Output<Buffer<float, 4>> d_in{"d_in"};

    void generate() {
        op_.emplace(in, label, weight, classes, by_overlap, by_size, scale);
        d_in = op_->d_in;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(label), start_at_zero(weight), start_at_zero(by_overlap), start_at_zero(by_size);
        start_at_zero(d_in);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<DiceInputGrad> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::DiceInputGradGenerator, dice_input_grad)
