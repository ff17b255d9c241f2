// conv3x3_filter_grad_winograd: what is computed. How, on a given machine:
// schedules/<family>/conv3x3_filter_grad_winograd.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/chunks.h"
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/winograd_tile_sums.h"

namespace unet::generators {

/// conv3x3_filter_grad in its Winograd form F(4x4, 3x3): 2.25 multiplications per pixel for 9.
///   d_filter(c, ., ., k) = G^T [ sum_t (A D_t A^T) . (B^T I_t B) ] G
/// as WinogradTileSums says. The tiles, numbered row by row, are summed in chunks of equal size, then the chunks;
/// both in order, whatever the threads. `few_tiles` changes no result: it is for layers of few tiles and many filters,
/// whose transforms of all tiles are smaller than the sums of all filters; see its loops.
///
/// Shapes   in [K, W + 2, H + 2, 1] and what is stored beyond it, d_out [C, from -2, from -2, 1], 0 outside W x H
///          -> d_filter [16, 3, 3, K, C / 16], d_bias [C]; K a multiple of 16
/// Source   Lavin, Gray 2016, section 4; generators/winograd.h
struct Conv3x3FilterGradWinograd : WinogradTileSums {
    // Of a chunk: for one element, 14 KB of 16 inputs and of 16 outputs, so that both stay in a first-level cache of 32 KB.
    // 288 made the training step 3 to 6 % slower, 144 and 192 up to 3 % (Zen 3, 2026-11-26).
    static constexpr int most_tiles = 224;
    Halide::RDom chunks;
    Halide::Func sum{"sum"}, taps{"taps"}, d_filter{"d_filter"};
    BiasGrad bias;
    const bool few_tiles;

    Conv3x3FilterGradWinograd(Halide::Func in, Halide::Func d_out, Halide::Expr in_channels, Halide::Expr out_channels,
                              Halide::Expr width, Halide::Expr height, bool few_tiles)
        : bias([d_out](Halide::Expr c, Halide::Expr x, Halide::Expr y) { return d_out(c, x, y, 0); }, width, height),
          few_tiles(few_tiles) {
        using Halide::Expr;
        const Expr tiles_x = (width + m - 1) / m, count = tiles_x * ((height + m - 1) / m);
        const Chunks cut(count, most_tiles, 1);
        // Odd, so that the 36 elements of a transform, a chunk's length apart, do not share cache sets.
        const Expr chunk_size = cut.size / 2 * 2 + 1, tile = chunk * chunk_size + t;
        chunks = Halide::RDom(0, cut.in_part, "chunks");

        // Tiles beyond the last read the zeros below the image.
        add_tiles(in, d_out, in_channels, out_channels, chunk_size, {tile % tiles_x * m, min(tile / tiles_x * m, height)});
        sum(ci, k, u, v, block) = 0.0f;
        sum(ci, k, u, v, block) += chunk_sum(ci, k, u, v, block, chunks);
        transform_back(taps, d_filter, sum, {});
    }
};
void schedule(Conv3x3FilterGradWinograd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
