// conv3x3_filter_grad_winograd: what is computed. How, on a given machine:
// schedules/<family>/conv3x3_filter_grad_winograd.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/chunks.h"
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/winograd.h"

namespace unet::generators {

/// conv3x3_filter_grad in its Winograd form F(4x4, 3x3): 2.25 multiplications per pixel for 9.
///   d_filter(c, ., ., k) = G^T [ sum_t (A D_t A^T) . (B^T I_t B) ] G
/// with D_t the d_out of tile t (4 x 4, before the layer's own ReLU, 0 outside the image) and I_t the window of the
/// input it came from (6 x 6). The tiles, numbered row by row, are summed in chunks of equal size, then the chunks;
/// both in order, whatever the threads. `few_tiles` changes no result: it is for layers of few tiles and many filters,
/// whose transforms of all tiles are smaller than the sums of all filters; see its loops.
///
/// Shapes   in [K, W + 2, H + 2, 1] and what is stored beyond it, d_out [C, from -2, from -2, 1], 0 outside W x H
///          -> d_filter [16, 3, 3, K, C / 16], d_bias [C]; K a multiple of 16
/// Source   Lavin, Gray 2016, section 4; generators/winograd.h
struct Conv3x3FilterGradWinograd {
    // Of a chunk: for one element, 14 KB of 16 inputs and of 16 outputs, so that both stay in a first-level cache of 32 KB.
    // 288 made the training step 3 to 6 % slower, 144 and 192 up to 3 % (Zen 3, 2026-11-26).
    static constexpr int m = 4, most_tiles = 224;
    Winograd winograd{m};
    Halide::Var ci{"ci"}, ki{"ki"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, part{"part"};
    Halide::Var t{"t"}, u{"u"}, v{"v"}, chunk{"chunk"};
    Halide::RDom tiles, chunks;
    Halide::Func gradient_columns{"gradient_columns"}, gradients{"gradients"};  // A D A^T: along y, then along x
    Halide::Func input_columns{"input_columns"}, inputs{"inputs"};              // B^T I B: along y, then along x
    Halide::Func chunk_sum{"chunk_sum"}, sum{"sum"}, taps{"taps"}, d_filter{"d_filter"};
    std::optional<BiasGrad> bias;
    const bool few_tiles;

    Conv3x3FilterGradWinograd(Halide::Func in, Halide::Func d_out, Halide::Expr in_channels, Halide::Expr out_channels,
                              Halide::Expr width, Halide::Expr height, bool few_tiles)
        : few_tiles(few_tiles) {
        using Halide::Expr;
        const Expr tiles_x = (width + m - 1) / m, count = tiles_x * ((height + m - 1) / m);
        const Chunks cut(count, most_tiles, 1);
        // Odd, so that the 36 elements of a transform, a chunk's length apart, do not share cache sets.
        const Expr chunk_size = cut.size / 2 * 2 + 1;
        tiles = Halide::RDom(0, chunk_size, "tiles"), chunks = Halide::RDom(0, cut.in_part, "chunks");

        // Tiles beyond the last read the zeros below the image.
        const Expr x = (chunk * chunk_size + t) % tiles_x * m, y = min((chunk * chunk_size + t) / tiles_x * m, height);
        const auto spread = [this](const Winograd::Exprs &d) { return winograd.spread(d); };
        const auto transform = [this](const Winograd::Exprs &d) { return winograd.input(d); };
        const auto gather = [this](const Winograd::Exprs &s) { return winograd.gather(s); };

        gradient_columns(ci, i, v, t, block, chunk) = winograd.element(
            v, m, spread, [&](int row) { return d_out(block * channel_block + ci, x + i, y + row, 0); });
        gradients(ci, t, u, v, block, chunk) = winograd.element(
            u, m, spread, [&](int column) { return gradient_columns(ci, column, v, t, block, chunk); });

        input_columns(ki, i, v, t, part, chunk) =
            winograd.element(v, transform, [&](int row) { return in(part * channel_block + ki, x + i, y + row, 0); });
        inputs(ki, t, u, v, part, chunk) =
            winograd.element(u, transform, [&](int column) { return input_columns(ki, column, v, t, part, chunk); });

        // Never beyond the last; Halide's own bounds, and so its memory, are twice as large with few tiles.
        const Expr part_of_k = min(k / channel_block, in_channels / channel_block - 1);
        const Expr last_block = out_channels / channel_block - 1;
        chunk_sum(ci, k, u, v, block, chunk) = 0.0f;
        chunk_sum(ci, k, u, v, block, chunk) +=
            gradients(ci, tiles, u, v, min(block, last_block), chunk) * inputs(k % channel_block, tiles, u, v, part_of_k, chunk);
        sum(ci, k, u, v, block) = 0.0f;
        sum(ci, k, u, v, block) += chunk_sum(ci, k, u, v, block, chunks);

        const std::vector<double> scales = winograd.filter_scales();
        taps(ci, i, v, k, block) =
            winograd.element(i, gather, [&](int point) { return sum(ci, k, point, v, block) * float(scales[point]); });
        d_filter(ci, i, j, k, block) =
            winograd.element(j, gather, [&](int point) { return taps(ci, i, point, k, block) * float(scales[point]); });

        bias.emplace([d_out](Expr c, Expr x, Expr y) { return d_out(c, x, y, 0); }, width, height);
    }
};
void schedule(Conv3x3FilterGradWinograd &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
