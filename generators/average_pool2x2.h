// average_pool2x2: what is computed. How, on a given machine: schedules/<family>/average_pool2x2.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/storage.h"

namespace unet::generators {

/// Mean of each 2x2 cell: out(c, x, y, n) = sum_ij in(c, 2x + i, 2y + j, n) / 4.
///
/// Shapes   in [C, W, H, N] -> out [C, W / 2, H / 2, N]; a last odd row or column is left out. Both stored as `storage`
/// Halo     output columns [a, b) read input columns [2a, 2b)
/// Source   Ronneberger et al. 2015, section 2, "average" as its lecture allows
struct AveragePool2x2 {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::Func result{"out"};

    AveragePool2x2(Halide::Func in, Halide::Type storage) {
        const auto at = [&](int i, int j) { return Halide::cast<float>(in(c, 2 * x + i, 2 * y + j, n)); };
        result(c, x, y, n) = stored(storage, ((at(0, 0) + at(1, 0)) + (at(0, 1) + at(1, 1))) * 0.25f);
    }
};
void schedule(AveragePool2x2 &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
