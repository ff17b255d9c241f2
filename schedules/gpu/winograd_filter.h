// The transform of a Winograd filter on GPUs.
#pragma once
#include "generators/winograd_filter.h"

namespace unet::generators {

/// A thread per input channel and output channel, which loads the nine taps once for all elements of their transform.
inline void winograd_filter_threads(WinogradFilter &filter) {
    const int points = filter.winograd.points();
    const Halide::Var ki{"ki"};
    filter.result.compute_root()
        .bound(filter.u, 0, points).bound(filter.v, 0, points)
        .bound_extent(filter.ci, channel_block)
        .split(filter.k, filter.k, ki, 4, Halide::TailStrategy::GuardWithIf)
        .reorder({filter.u, filter.v, filter.ci, ki, filter.k, filter.block})
        .unroll(filter.u).unroll(filter.v)
        .gpu_blocks(filter.k, filter.block).gpu_threads(filter.ci, ki);
    filter.taps.compute_at(filter.result, filter.ci).unroll(filter.i).unroll(filter.j);
    filter.columns.compute_at(filter.result, filter.ci).unroll(filter.i).unroll(filter.v);
}

}  // namespace unet::generators
