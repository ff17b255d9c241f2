// clear_surplus: what is computed. How, on a given machine: schedules/<family>/clear_surplus.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/storage.h"

namespace unet::generators {

/// Writes 0 around an image: out(c, x, y, n) = 0 unless 0 <= x < width and 0 <= y < height. The image stays as it is.
///
/// Shapes   out [C, any, any, N], stored as `storage`
struct ClearSurplus {
    Halide::Var c{"c"}, x{"x"}, y{"y"}, n{"n"};
    Halide::Func result{"out"};

    ClearSurplus(Halide::Expr width, Halide::Expr height, Halide::Type storage) {
        const Halide::Expr inside = x >= 0 && x < width && y >= 0 && y < height;
        // What is undefined is not written.
        result(c, x, y, n) = select(inside, Halide::undef(storage), Halide::cast(storage, 0.0f));
    }
};
void schedule(ClearSurplus &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
