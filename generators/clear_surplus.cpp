// clear_surplus: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/clear_surplus.h"

namespace unet::generators {

class ClearSurplusGenerator : public StoringGenerator<ClearSurplusGenerator> {
public:
    Input<int> width{"width"}, height{"height"};
    Output<Buffer<void, 4>> out{"out"};

    void configure() { out.set_type(storage); }
    void generate() {
        op_.emplace(width, height, storage);
        out = op_->result;
    }
    void schedule() {
        out.dim(0).set_min(0).set_stride(1);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<ClearSurplus> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::ClearSurplusGenerator, clear_surplus)
