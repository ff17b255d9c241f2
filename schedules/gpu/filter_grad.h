// What the schedules of filter gradients share on GPUs.
#pragma once
#include "generators/layout.h"

namespace unet::generators {

/// d_filter(ci, i, j, k, block) with `taps` x `taps` taps, what it begins with and what is added to it: a thread per element.
inline void element_threads(Halide::Func d_filter, int taps) {
    const std::vector<Halide::Var> args = d_filter.args();
    const Halide::Var ci = args[0], i = args[1], j = args[2], k = args[3], block = args[4];
    d_filter.bound(ci, 0, channel_block).bound(i, 0, taps).bound(j, 0, taps);
    for (Halide::Stage stage : {Halide::Stage(d_filter.compute_root()), d_filter.update()})
        stage.reorder({ci, i, j, k, block}).gpu_blocks(k, block).gpu_threads(ci, i, j);
}

}  // namespace unet::generators
