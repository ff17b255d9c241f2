// winograd_filter: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/winograd_filter.h"

namespace unet::generators {

class WinogradFilterGenerator : public TunedGenerator<WinogradFilterGenerator> {
public:
    GeneratorParam<int> tile{"tile", 4};  // m
    GeneratorParam<bool> turned{"turned", false};
    Input<Buffer<float, 5>> filter{"filter"};
    Output<Buffer<float, 5>> out{"out"};

    void generate() {
        op_.emplace(tile, filter, turned);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(filter), start_at_zero(out);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<WinogradFilter> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::WinogradFilterGenerator, winograd_filter)
