// The loop nest all dense layers share on SIMD CPUs: sums that stay in registers while a reduction runs.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include <vector>

namespace unet::generators {

/// Register tile of `blocks` blocks of 16 output channels times `pixels` pixels. The engine pads storage so that tiles are
/// always whole (src/kernels/image.h).
///
/// AVX2     16 registers: 2 vectors x 6 pixels = 12 sums, 2 of the filter, 1 of the input
/// AVX-512  32 registers: 4 vectors x 6 pixels = 24 sums, 4 of the filter; with fewer channels 2 or 1 vectors
/// SSE4.1   16 registers: 4 vectors x 2 pixels = 8 sums, 4 of the filter
struct RegisterTile {
    int lanes, blocks, pixels, rows;

    /// Rows of a task of an image of `height`: fewer where there would be less than four tasks, as in a strip of a large image.
    Halide::Expr task_rows(Halide::Expr height) const { return clamp((height + 3) / 4, 1, rows); }

    RegisterTile(const Halide::Target &target, const Knobs &knobs)
        : lanes(target.natural_vector_size<float>()),
          blocks(knobs.blocks ? knobs.blocks : lanes == 16 ? 4 : 1),
          pixels(knobs.pixels ? knobs.pixels : lanes >= 8 ? 6 : 2),
          rows(knobs.rows ? knobs.rows : 8) {}
};

/// One reduction into the sum of a dense layer; its inner dimension runs over channels.
struct Reduction {
    Halide::RDom domain;
    int update;  ///< which update of the sum it is
};

/// Dense layer `result(c, x, y, n)` with its `sum(c, x, y, n)`: tasks of `rows` rows; in a task, one block of channels after
/// the other, so that its filter stays in the cache for all pixels of the rows (8 rows: 37 KB to 590 KB read once for up to
/// 95 register tiles a row).
void dense_layer_loops(Halide::Func result, Halide::Func sum, const std::vector<Reduction> &reductions, const RegisterTile &tile);

/// The part of dense_layer_loops inside a register tile, where `result` has its own loops around: `sum` stays in registers
/// at the loop over x of `result`, while the reductions run.
void register_sum_loops(Halide::Func result, Halide::Func sum, const std::vector<Reduction> &reductions, int lanes);

/// The turned filter of an input gradient, `turned(k, ..., block)` with k inside a block, and with `channel` among the others:
/// channels and blocks in parallel.
void turn_filter_loops(Halide::Func turned, Halide::Var channel, int lanes);

}  // namespace unet::generators
