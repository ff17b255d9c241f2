// focal_loss: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/focal_loss.h"

namespace unet::generators {

class FocalLossGenerator : public TunedGenerator<FocalLossGenerator> {
public:
    Input<Buffer<float, 4>> in{"in"};
    Input<Buffer<uint8_t, 3>> label{"label"};
    Input<Buffer<float, 3>> weight{"weight"};
    Input<int> classes{"classes"};
    Input<float> focus{"focus"};
    Input<float> scale{"scale"};
    Output<Buffer<float, 4>> d_in{"d_in"};
    Output<Buffer<float, 2>> row_loss{"row_loss"};

    void generate() {
        op_.emplace(in, label, weight, classes, focus, scale, label.dim(0).extent());
        d_in = op_->d_in;
        row_loss = op_->row_loss;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(label), start_at_zero(weight), start_at_zero(d_in), start_at_zero(row_loss);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<FocalLoss> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::FocalLossGenerator, focal_loss)
