// What the Winograd forms of a 3x3 convolution's filter gradient share: sums over the tiles of a chunk.
#pragma once
#include "generators/layout.h"
#include "generators/winograd.h"
#include <vector>

namespace unet::generators {

/// For one element (u, v) of the transforms, output channel and input channel:
///   chunk_sum = sum over tiles t of a chunk of (A D_t A^T)(u, v) * (B^T I_t B)(u, v)
/// with D_t the d_out of tile t (4 x 4, before the layer's own ReLU, 0 outside the image) and I_t the window of the
/// input it came from (6 x 6). G^T sum G are the taps.
///
/// Source   Lavin, Gray 2016, section 4; generators/winograd.h
struct WinogradTileSums {
    static constexpr int m = 4;

    /// A tile's first pixel. If `counts` is defined, the tile is 0 where it is false.
    struct Place {
        Halide::Expr x, y, counts = {};
    };

    Winograd winograd{m};
    Halide::Var ci{"ci"}, ki{"ki"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, part{"part"};
    Halide::Var t{"t"}, u{"u"}, v{"v"}, chunk{"chunk"};
    Halide::RDom tiles;
    Halide::Func gradient_columns{"gradient_columns"}, gradients{"gradients"};  // A D A^T: along y, then along x
    Halide::Func input_columns{"input_columns"}, inputs{"inputs"};              // B^T I B: along y, then along x
    Halide::Func chunk_sum{"chunk_sum"};

    /// `place`: of tile t of a chunk.
    void add_tiles(Halide::Func in, Halide::Func d_out, Halide::Expr in_channels, Halide::Expr out_channels,
                   Halide::Expr chunk_size, const Place &place) {
        using Halide::Expr;
        tiles = Halide::RDom(0, chunk_size, "tiles");
        const auto spread = [this](const Winograd::Exprs &d) { return winograd.spread(d); };
        const auto transform = [this](const Winograd::Exprs &d) { return winograd.input(d); };

        gradient_columns(ci, i, v, t, block, chunk) = winograd.element(v, m, spread, [&](int row) {
            const Expr pixel = d_out(block * channel_block + ci, place.x + i, place.y + row, 0);
            return place.counts.defined() ? select(place.counts, pixel, 0.0f) : pixel;
        });
        gradients(ci, t, u, v, block, chunk) = winograd.element(
            u, m, spread, [&](int column) { return gradient_columns(ci, column, v, t, block, chunk); });

        input_columns(ki, i, v, t, part, chunk) = winograd.element(
            v, transform, [&](int row) { return in(part * channel_block + ki, place.x + i, place.y + row, 0); });
        inputs(ki, t, u, v, part, chunk) =
            winograd.element(u, transform, [&](int column) { return input_columns(ki, column, v, t, part, chunk); });

        // Never beyond the last; Halide's own bounds, and so its memory, are twice as large with few tiles.
        const Expr part_of_k = min(k / channel_block, in_channels / channel_block - 1);
        const Expr last_block = out_channels / channel_block - 1;
        chunk_sum(ci, k, u, v, block, chunk) = 0.0f;
        chunk_sum(ci, k, u, v, block, chunk) +=
            gradients(ci, tiles, u, v, min(block, last_block), chunk) * inputs(k % channel_block, tiles, u, v, part_of_k, chunk);
    }

    /// result(ci, i, j, k, block, rest) = G^T sum G, of sum(ci, k, u, v, block, rest); along x first, in `taps`.
    void transform_back(Halide::Func taps, Halide::Func result, Halide::Func sum, const std::vector<Halide::Var> &rest) const {
        const std::vector<double> scales = winograd.filter_scales();
        const auto gather = [this](const Winograd::Exprs &s) { return winograd.gather(s); };
        const auto with_rest = [&](std::vector<Halide::Expr> args) {
            args.insert(args.end(), rest.begin(), rest.end());
            return args;
        };
        taps(with_rest({ci, i, v, k, block})) = winograd.element(
            i, gather, [&](int point) { return sum(with_rest({ci, k, point, v, block})) * float(scales[point]); });
        result(with_rest({ci, i, j, k, block})) = winograd.element(
            j, gather, [&](int point) { return taps(with_rest({ci, i, point, k, block})) * float(scales[point]); });
    }
};

}  // namespace unet::generators
