// conv3x3_winograd: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_winograd.h"

namespace unet::generators {

class Conv3x3WinogradGenerator : public StoringGenerator<Conv3x3WinogradGenerator> {
public:
    GeneratorParam<int> tile{"tile", 4};  // m
    GeneratorParam<bool> deep{"deep", false};
    Input<Buffer<void, 4>> in{"in"};
    Input<Buffer<float, 5>> filter{"filter"};
    Input<Buffer<float, 1>> bias{"bias"};
    Input<bool> relu{"relu"};
    Input<int> tiles_x{"tiles_x"}, tiles_y{"tiles_y"};
    Output<Buffer<void, 6>> out{"out"};

    void configure() { in.set_type(storage), out.set_type(storage); }
    void generate() {
        op_.emplace(tile, in, filter, bias, relu, in.dim(0).extent(), tiles_x, tiles_y, deep, storage);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(in), start_at_zero(filter), start_at_zero(bias), start_at_zero(out);
        out.dim(2).set_extent(tiles_x), out.dim(4).set_extent(tiles_y);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3Winograd> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3WinogradGenerator, conv3x3_winograd)
