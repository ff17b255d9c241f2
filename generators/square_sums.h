// square_sums: what is computed. How, on a given machine: schedules/<family>/square_sums.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Sums of squares of so many values after one another, in their order and in double precision, in which a square is exact:
///   sums(block) = sum_r in(4096 * block + r)^2, r from 0 to 4095, as far as there are values.
///
/// Shapes   in [size] -> sums double [size / 4096, rounded up]
struct SquareSums {
    static constexpr int values = 4096;  ///< of a block
    Halide::Var block{"block"};
    Halide::RDom r;
    Halide::Func sums{"sums"};

    SquareSums(Halide::Func in, Halide::Expr size) : r(0, values, "r") {
        const Halide::Expr i = block * values + r;
        const Halide::Expr value = Halide::cast<double>(in(min(i, size - 1)));
        sums(block) = Halide::cast<double>(0);
        sums(block) += select(i < size, value * value, Halide::cast<double>(0));
    }
};
void schedule(SquareSums &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
