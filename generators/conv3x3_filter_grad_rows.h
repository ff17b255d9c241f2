// conv3x3_filter_grad_rows: what is computed. How, on a given machine: schedules/<family>/conv3x3_filter_grad_rows.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/winograd.h"

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
struct Conv3x3FilterGradRows {
    static constexpr int m = 4;
    Winograd winograd{m};
    Halide::Var ci{"ci"}, ki{"ki"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, part{"part"};
    Halide::Var t{"t"}, u{"u"}, v{"v"}, chunk{"chunk"}, ty{"ty"};
    Halide::RDom tiles, chunks, tile_rows;
    Halide::Func gradient_columns{"gradient_columns"}, gradients{"gradients"};  // A D A^T: along y, then along x
    Halide::Func input_columns{"input_columns"}, inputs{"inputs"};              // B^T I B: along y, then along x
    Halide::Func chunk_sum{"chunk_sum"}, sum{"sum"}, taps{"taps"}, row_taps{"row_taps"}, d_filter{"d_filter"};
    BiasGrad bias;

    Conv3x3FilterGradRows(Halide::Func in, Halide::Func d_out, Halide::Func d_filter_above, Halide::Func d_bias_above,
                          Halide::Expr in_channels, Halide::Expr out_channels, Halide::Expr width, Halide::Expr height)
        : bias([d_out](Halide::Expr c, Halide::Expr x, Halide::Expr y) { return d_out(c, x, y, 0); }, width, height, d_bias_above) {
        using Halide::Expr;
        // Transforms of a chunk and of 32 outputs, 0.7 MB at most, lie in a second-level cache.
        const Expr tiles_x = (width + m - 1) / m, most_tiles = 4608 / (in_channels + 32);
        const Expr count = (tiles_x + most_tiles - 1) / most_tiles;
        // Odd, so that the 36 elements of a transform, a chunk's length apart, do not share cache sets.
        const Expr size = (tiles_x + count - 1) / count / 2 * 2 + 1;
        tiles = Halide::RDom(0, size, "tiles"), chunks = Halide::RDom(0, count, "chunks");
        tile_rows = Halide::RDom(0, (height + m - 1) / m, "tile_rows");

        // Tiles beyond the last read its pixels, and count as 0.
        const Expr tile = chunk * size + t, x = min(tile, tiles_x - 1) * m, y = ty * m;
        const auto spread = [this](const Winograd::Exprs &d) { return winograd.spread(d); };
        const auto transform = [this](const Winograd::Exprs &d) { return winograd.input(d); };
        const auto gather = [this](const Winograd::Exprs &s) { return winograd.gather(s); };

        gradient_columns(ci, i, v, t, block, chunk, ty) = winograd.element(v, m, spread, [&](int row) {
            return select(tile < tiles_x, d_out(block * channel_block + ci, x + i, y + row, 0), 0.0f);
        });
        gradients(ci, t, u, v, block, chunk, ty) = winograd.element(
            u, m, spread, [&](int column) { return gradient_columns(ci, column, v, t, block, chunk, ty); });

        input_columns(ki, i, v, t, part, chunk, ty) =
            winograd.element(v, transform, [&](int row) { return in(part * channel_block + ki, x + i, y + row, 0); });
        inputs(ki, t, u, v, part, chunk, ty) =
            winograd.element(u, transform, [&](int column) { return input_columns(ki, column, v, t, part, chunk, ty); });

        chunk_sum(ci, k, u, v, block, chunk, ty) = 0.0f;
        chunk_sum(ci, k, u, v, block, chunk, ty) +=
            gradients(ci, tiles, u, v, block, chunk, ty) * inputs(k % channel_block, tiles, u, v, k / channel_block, chunk, ty);
        sum(ci, k, u, v, block, ty) = 0.0f;
        sum(ci, k, u, v, block, ty) += chunk_sum(ci, k, u, v, block, chunks, ty);

        const std::vector<double> scales = winograd.filter_scales();
        taps(ci, i, v, k, block, ty) =
            winograd.element(i, gather, [&](int point) { return sum(ci, k, point, v, block, ty) * float(scales[point]); });
        row_taps(ci, i, j, k, block, ty) =
            winograd.element(j, gather, [&](int point) { return taps(ci, i, point, k, block, ty) * float(scales[point]); });

        d_filter(ci, i, j, k, block) = d_filter_above(ci, i, j, k, block);
        d_filter(ci, i, j, k, block) += row_taps(ci, i, j, k, block, tile_rows);
    }
};
void schedule(Conv3x3FilterGradRows &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
