// conv3x3_pair_winograd: the ahead-of-time entry point. Names and types of the arguments.
#include "generators/conv3x3_pair_winograd.h"

namespace unet::generators {

class Conv3x3PairWinogradGenerator : public StoringGenerator<Conv3x3PairWinogradGenerator> {
public:
    GeneratorParam<int> tile{"tile", 4};  // m
    Input<Buffer<void, 4>> a{"a"}, b{"b"};
    Input<Buffer<float, 5>> filter_a{"filter_a"}, filter_b{"filter_b"};
    Input<Buffer<float, 1>> bias{"bias"};
    Input<bool> relu{"relu"};
    Input<int> tiles_x{"tiles_x"}, tiles_y{"tiles_y"};
    Output<Buffer<void, 6>> out{"out"};

    void configure() { a.set_type(storage), b.set_type(storage), out.set_type(storage); }
    void generate() {
        op_.emplace(tile, a, b, filter_a, filter_b, bias, relu, a.dim(0).extent(), b.dim(0).extent(), tiles_x, tiles_y,
                    storage);
        out = op_->result;
    }
    void schedule() {
        start_at_zero(a), start_at_zero(b), start_at_zero(filter_a), start_at_zero(filter_b);
        start_at_zero(bias), start_at_zero(out);
        out.dim(2).set_extent(tiles_x), out.dim(4).set_extent(tiles_y);
        generators::schedule(*op_, get_target(), knobs());
    }

private:
    std::optional<Conv3x3PairWinograd> op_;
};

}  // namespace unet::generators

HALIDE_REGISTER_GENERATOR(unet::generators::Conv3x3PairWinogradGenerator, conv3x3_pair_winograd)
