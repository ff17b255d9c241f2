// dice_sums: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/dice_sums.h"

namespace unet::generators {

class DiceSumsGenerator : public TunedGenerator<DiceSumsGenerator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Input<Buffer<uint8_t, 3>> label{"label"};
    Input<Buffer<float, 3>> weight{"weight"};
    Input<int> classes{"classes"};
    Output<Buffer<float, 3>> overlap{"overlap"};
    Output<Buffer<float, 3>> size{"size"};

    void generate() {
        op_.emplace(in, label, weight, classes, label.dim(0).extent());
        overlap = op_->overlap;
        size = op_->size;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(label), start_at_zero(weight), start_at_zero(overlap), start_at_zero(size);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<DiceSums> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::DiceSumsGenerator, dice_sums)
