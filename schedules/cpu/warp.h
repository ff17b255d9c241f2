// The loop nest of a warp on SIMD CPUs: the displacement of one row of pixels at a time.
#pragma once
#include "generators/warp.h"

namespace unet::generators {

/// Computes the displacement where `row` of `reader`, the loop over its rows, asks for it.
inline void warp_loops(Warp &warp, Halide::Func reader, const Halide::Var &row, int lanes) {
    const auto guard = Halide::TailStrategy::GuardWithIf;
    warp.row_grid.compute_at(reader, row);
    warp.shift.compute_at(reader, row).vectorize(warp.x, lanes, guard);
    const Halide::RVar k(warp.shift.rvars()[0]);
    warp.shift.update().reorder(warp.x, k, warp.d, warp.y).vectorize(warp.x, lanes, guard);
}

}  // namespace unet::generators
