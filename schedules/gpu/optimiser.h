// The loop nest of optimisers on GPUs: bound by memory; a thread per weight.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// For a Func of one dimension.
inline void optimiser_threads(Halide::Func result) {
    const Halide::Var i = result.args()[0], ii{"ii"};
    result.compute_root().gpu_tile(i, ii, 256, Halide::TailStrategy::GuardWithIf);
}

}  // namespace unet::generators
