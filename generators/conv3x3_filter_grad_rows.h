// conv3x3_filter_grad_rows: what is computed. How, on a given machine: schedules/<family>/conv3x3_filter_grad_rows.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/knobs.h"
#include "generators/winograd_tile_sums.h"

namespace unet::generators {

/// conv3x3_filter_grad_winograd for some rows of an image, added to what the rows above gave; for layers of many tiles
/// and few filters.
///   d_filter(c, ., ., k) = d_filter_above(c, ., ., k) + sum_ty G^T [ sum_tx (A D_t A^T) . (B^T I_t B) ] G
///   d_bias(c)            = d_bias_above(c) + sum_y sum_x d_out(c, x, y)
/// over rows ty of tiles of 4 x 4 pixels, one after the other, so that it makes no difference in how many calls of whole
/// rows of tiles an image is given; the tiles of a row in chunks of equal size, these in order.
///
/// Shapes   in [K, W + 2, H + 2, 1] and what is stored beyond it, d_out [C, from -2, from -2, 1], 0 outside W x H;
///          d_filter_above, d_filter [16, 3, 3, K, C / 16], d_bias_above, d_bias [C]: may be the same buffer; K a multiple
///          of 16
/// Source   Lavin, Gray 2016, section 4; generators/winograd.h
struct Conv3x3FilterGradRows : WinogradTileSums {
    Halide::Var ty{"ty"};
    Halide::RDom chunks, tile_rows;  // chunk of a row of tiles; row
    Halide::Func sum{"sum"}, taps{"taps"}, row_taps{"row_taps"}, d_filter{"d_filter"};
    BiasGrad bias;

    Conv3x3FilterGradRows(Halide::Func in, Halide::Func d_out, Halide::Func d_filter_above, Halide::Func d_bias_above,
                          Halide::Expr in_channels, Halide::Expr out_channels, Halide::Expr width, Halide::Expr height)
        : bias([d_out](Halide::Expr c, Halide::Expr x, Halide::Expr y) { return d_out(c, x, y, 0); }, width, height, d_bias_above) {
        using Halide::Expr;
        // Transforms of a chunk and of 32 outputs, 0.7 MB at most, lie in a second-level cache.
        const Expr tiles_x = (width + m - 1) / m, most_tiles = 4608 / (in_channels + 32);
        const Expr count = (tiles_x + most_tiles - 1) / most_tiles;
        // Odd, so that the 36 elements of a transform, a chunk's length apart, do not share cache sets.
        const Expr chunk_size = (tiles_x + count - 1) / count / 2 * 2 + 1, tile = chunk % count * chunk_size + t;
        chunks = Halide::RDom(0, count, "chunks"), tile_rows = Halide::RDom(0, (height + m - 1) / m, "tile_rows");

        // Tiles beyond the last of a row read its pixels, and count as 0.
        add_tiles(in, d_out, in_channels, out_channels, chunk_size,
                  {min(tile, tiles_x - 1) * m, chunk / count * m, tile < tiles_x});
        sum(ci, k, u, v, block, ty) = 0.0f;
        sum(ci, k, u, v, block, ty) += chunk_sum(ci, k, u, v, block, ty * count + chunks);
        transform_back(taps, row_taps, sum, {ty});

        d_filter(ci, i, j, k, block) = d_filter_above(ci, i, j, k, block);
        d_filter(ci, i, j, k, block) += row_taps(ci, i, j, k, block, tile_rows);
    }
};
void schedule(Conv3x3FilterGradRows &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
