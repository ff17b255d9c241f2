// The displacements of a warp on GPUs.
#pragma once
#include "generators/warp.h"

namespace unet::generators {

/// Computes those of all pixels first: the grid of each row, a thread per node, then a thread per pixel.
inline void warp_threads(Warp &warp) {
    const auto guard = Halide::TailStrategy::GuardWithIf;
    const Halide::Var xi{"xi"};
    Halide::Func row_grids = warp.row_grid.in(), shifts = warp.shift.in();
    row_grids.compute_root().split(warp.i, warp.i, xi, 16, guard).gpu_blocks(warp.i, warp.d, warp.y).gpu_threads(xi);
    warp.row_grid.compute_at(row_grids, xi);
    shifts.compute_root().split(warp.x, warp.x, xi, 64, guard).gpu_blocks(warp.x, warp.d, warp.y).gpu_threads(xi);
    warp.shift.compute_at(shifts, xi);
}

}  // namespace unet::generators
