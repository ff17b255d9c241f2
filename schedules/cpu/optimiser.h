// The loop nest of optimisers on SIMD CPUs: bound by memory; 1024 vectors, 16 to 64 KiB of each buffer, per task.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// For a Func of one dimension whose size is a multiple of 16.
inline void optimiser_loops(Halide::Func result, const Halide::Target &target) {
    const Halide::Var i = result.args()[0];
    result.compute_root()
        .vectorize(i, target.natural_vector_size<float>(), Halide::TailStrategy::RoundUp)
        .parallel(i, 1024, Halide::TailStrategy::GuardWithIf);
}

}  // namespace unet::generators
