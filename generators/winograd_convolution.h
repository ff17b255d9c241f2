// What all Winograd forms of a 3x3 convolution share.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/storage.h"
#include "generators/winograd_filter.h"
#include <functional>
#include <variant>

namespace unet::generators {

/// pixel(k, x, y, n), from (0, 0) on.
using Pixel = std::function<Halide::Expr(Halide::Expr k, Halide::Expr x, Halide::Expr y, Halide::Expr n)>;

/// What becomes of the sum of pixel (c, x, y, n), bias included, before it is written.
using Finish =
    std::function<Halide::Expr(Halide::Expr value, Halide::Expr c, Halide::Expr x, Halide::Expr y, Halide::Expr n)>;

/// max(0, .) if `relu`, stored as `storage`.
inline Finish relu_if(Halide::Expr relu, Halide::Type storage = Halide::Float(32)) {
    return [relu, storage](Halide::Expr value, Halide::Expr, Halide::Expr, Halide::Expr, Halide::Expr) {
        return stored(storage, select(relu, max(value, 0.0f), value));
    };
}

/// One input of a convolution, and its filter: transformed already, or with its transform, which the kernel then
/// computes part by part.
struct WinogradInput {
    Pixel pixel;
    std::variant<Halide::Func, WinogradFilter> filter;
    Halide::Expr channels;
    Halide::Expr part = {};  ///< if defined, n counts parts of so many output channels of one image, instead of images
};

/// The pixels of a buffer, for a WinogradInput.
inline Pixel pixels_of(Halide::Func image) {
    return [image](Halide::Expr k, Halide::Expr x, Halide::Expr y, Halide::Expr n) {
        return Halide::cast<float>(image(k, x, y, n));
    };
}

/// `filter` as it is, or with its transform.
inline std::variant<Halide::Func, WinogradFilter> filter_of(Halide::Func filter, int m, bool transform, bool turned) {
    if (transform) return WinogradFilter(m, filter, turned);
    return filter;
}

/// A 3x3 convolution by Winograd's F(m x m, 3 x 3): the same sums with 2.25 (m = 4) or 1.8 (m = 6) multiplications per
/// pixel for 9. The output is cut into tiles of m x m pixels, numbered t = tx + ty * TX:
///   values(k, t, u, v)   = (B^T window of tile t B)(u, v)
///   products(c, t, u, v) = sum_k filter(c, u, v, k) * values(k, t, u, v), over one input after the other; for m = 6
///                          64 channels at a time, then these sums, which halves its rounding errors in trained networks
///                          (bench/winograd_error.py: 8.5e-6 to 3.6e-6 in probabilities; m = 4 has 1.9e-6 without)
///   out(c, i, tx, j, ty) = finish(bias(c) + (A^T products A)(i, j))
///
/// Shapes   inputs [K, m TX + 2, m TY + 2, N]; filters [16, K, m + 2, m + 2, C / 16] as winograd_filter gives them, or
///          [16, 3, 3, K, C / 16] where the kernel transforms them; bias [C] -> out [C, m, TX, m, TY, N]: an image of
///          m TX x m TY pixels, its rows and columns in tiles
/// Halo     output columns [m a, m b) read input columns [m a, m b + 2); whole tiles only: each pixel of a tile
///          depends, in its last bits, on the whole window
/// Source   Lavin, Gray 2016; generators/winograd.h
struct WinogradConvolution {
    Winograd winograd;
    Halide::Var c{"c"}, k{"k"}, i{"i"}, j{"j"}, tx{"tx"}, ty{"ty"}, t{"t"}, u{"u"}, v{"v"}, n{"n"};
    Halide::RDom tiles;                         // all of them, row by row
    std::vector<Halide::RDom> r;                // input channel (of a block); one element per input, as in the next lines
    std::vector<Halide::RDom> blocks;           // of input channels; m = 6
    std::vector<Halide::Func> block_sums;       // the same
    std::vector<WinogradFilter> filters;        // those that the kernel transforms
    std::vector<Halide::Func> columns, values;  // the window's transform along y, then along x
    Halide::Func sum{"sum"}, products{"products"}, rows{"rows"}, tile{"tile"}, result;
    Halide::Expr tiles_x, tiles_y, in_channels = 0;  // these of all inputs

    bool in_blocks() const { return winograd.outputs() == 6; }

    WinogradConvolution(int m, const std::vector<WinogradInput> &inputs, Halide::Func bias, const Finish &finish,
                        Halide::Expr tiles_x, Halide::Expr tiles_y, const std::string &name = "out")
        : winograd(m), tiles(0, tiles_x * tiles_y, "tiles"), result(name), tiles_x(tiles_x), tiles_y(tiles_y) {
        sum(c, t, u, v, n) = 0.0f;
        for (const WinogradInput &input : inputs) add(input);
        products(c, t, u, v, n) = sum(c, t, u, v, n);

        const auto transform = [this](const Winograd::Exprs &p) { return winograd.output(p); };
        rows(c, u, j, t, n) = winograd.element(j, transform, [&](int row) { return products(c, t, u, row, n); });
        tile(c, i, j, t, n) = winograd.element(i, transform, [&](int column) { return rows(c, column, j, t, n); });
        const Halide::Expr x = column(tiles), y = row(tiles);
        const Halide::Expr finished = finish(tile(c, i, j, tiles, n) + bias(c), c, x * m + i, y * m + j, n);
        // Nothing to begin with: every tile is written below.
        result(c, i, tx, j, ty, n) = Halide::undef(finished.type());
        result(c, i, x, j, y, n) = finished;
    }

private:
    // Of tile t. Register tiles of the products may run past the last tile: they read its row again, and are dropped.
    Halide::Expr column(const Halide::Expr &t) const { return t % tiles_x; }
    Halide::Expr row(const Halide::Expr &t) const { return min(t / tiles_x, tiles_y - 1); }

    Halide::Func transformed(const WinogradInput &input) {
        if (const auto *filter = std::get_if<Halide::Func>(&input.filter)) return *filter;
        filters.push_back(std::get<WinogradFilter>(input.filter));
        return filters.back().result;
    }

    void add(const WinogradInput &input) {
        const auto transform = [this](const Winograd::Exprs &d) { return winograd.input(d); };
        const Halide::Expr x = column(t) * winograd.outputs(), y = row(t) * winograd.outputs();
        Halide::Func of_column("columns"), value("values");
        of_column(k, i, v, t, n) =
            winograd.element(v, transform, [&](int row) { return input.pixel(k, x + i, y + row, n); });
        value(k, t, u, v, n) =
            winograd.element(u, transform, [&](int column) { return of_column(k, column, v, t, n); });
        // Whole blocks, as the layout has it: written down, loops of a block need no guard.
        const Halide::Expr channels = input.channels / channel_block * channel_block;
        in_channels += channels;
        const bool images = !input.part.defined();
        const Halide::Expr block = c / channel_block + (images ? 0 : n * (input.part / channel_block));
        const Halide::Func filter = transformed(input);
        const auto product = [&](const Halide::Expr &channel) {
            return filter(c % channel_block, channel, u, v, block) *
                   value(channel, t, u, v, images ? Halide::Expr(n) : 0);
        };
        if (in_blocks()) add_blocks(channels, product);
        else {
            r.emplace_back(0, channels, "r");
            sum(c, t, u, v, n) += product(r.back());
        }
        columns.push_back(of_column), values.push_back(value);
    }

    // Of 64 channels, or one block of all where they are no multiple.
    template<class Product>
    void add_blocks(const Halide::Expr &channels, Product product) {
        const Halide::Var b("b");
        const Halide::Expr whole = channels / channel_block, size = select(whole % 4 == 0, 4, whole) * channel_block;
        r.emplace_back(0, size, "r"), blocks.emplace_back(0, channels / size, "blocks");
        Halide::Func of_block("of_block");
        of_block(c, t, u, v, b, n) = 0.0f;
        of_block(c, t, u, v, b, n) += product(b * size + r.back());
        sum(c, t, u, v, n) += of_block(c, t, u, v, blocks.back(), n);
        block_sums.push_back(of_block);
    }
};
}  // namespace unet::generators
