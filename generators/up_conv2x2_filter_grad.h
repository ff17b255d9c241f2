// up_conv2x2_filter_grad: what is computed. How, on a given machine: schedules/<family>/up_conv2x2_filter_grad.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/chunks.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Gradients of up_conv2x2 to its filter and bias, for one sample.
///   d_filter(c, i, j, k) = d_filter_above(c, i, j, k) + sum_xy d_out(c, 2x + i, 2y + j) * in(k, x, y)
///   d_bias(c)            = d_bias_above(c) + sum_xy d_out(c, x, y)
/// summed in a fixed tree, so that the bytes do not depend on threads: the pixels, numbered row by row, in chunks of
/// equal size, these over the parts of the image, then the parts, one after the other. `by_rows`: parts are two rows each,
/// so that it makes no difference in how many calls of two rows or more an image is given; for few filters.
///
/// Shapes   in [K, W, H, 1], d_out [C, 2W, 2H, 1]; d_filter_above, d_filter [16, 2, 2, K, C / 16], d_bias_above, d_bias [C]:
///          may be the same buffer; K a multiple of 16
struct UpConv2x2FilterGrad {
    Halide::Var ci{"ci"}, ki{"ki"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, p{"p"}, chunk{"chunk"}, part{"part"};
    Halide::RDom pixels, chunks, parts;  // pixel of a chunk; chunk of a part; part
    Halide::Func packed{"packed"}, packed_in{"packed_in"}, chunk_sum{"chunk_sum"}, part_sum{"part_sum"},
        d_filter{"d_filter"};
    BiasGrad bias;
    const bool by_rows;

    UpConv2x2FilterGrad(Halide::Func in, Halide::Func d_out, Halide::Func d_filter_above, Halide::Func d_bias_above,
                        Halide::Expr width, Halide::Expr height, bool by_rows)
        : bias([=](Halide::Expr c, Halide::Expr x, Halide::Expr y) { return d_out(c, x, y, 0); }, 2 * width,
               2 * height, d_bias_above),
          by_rows(by_rows) {
        // 96 pixels: 6 KB of 16 channels, so that a tap's gradient and 16 inputs stay in the first-level cache.
        constexpr int most_pixels = 96;
        Chunks cut = by_rows ? Chunks(2 * width, most_pixels, 1) : Chunks(width * height, most_pixels, 32);
        if (by_rows) cut.parts = (height + 1) / 2;
        pixels = Halide::RDom(0, cut.size, "pixels"), chunks = Halide::RDom(0, cut.in_part, "chunks");
        parts = Halide::RDom(0, cut.parts, "parts");

        // Of a part that is two rows: pixels behind its last lie below the image.
        const Halide::Expr pixel = (by_rows ? chunk % cut.in_part : chunk) * cut.size + p, x = pixel % width;
        const Halide::Expr of_rows = select(pixel < 2 * width, 2 * (chunk / cut.in_part) + pixel / width, height);
        const Halide::Expr y = by_rows ? of_rows : pixel / width, last = min(y, height - 1);
        packed(ci, p, i, j, block, chunk) = d_out(block * channel_block + ci, 2 * x + i, 2 * last + j, 0);
        packed_in(ki, p, block, chunk) = select(y < height, in(block * channel_block + ki, x, last, 0), 0.0f);

        chunk_sum(ci, i, j, k, block, chunk) = 0.0f;
        chunk_sum(ci, i, j, k, block, chunk) +=
            packed(ci, pixels, i, j, block, chunk) * packed_in(k % channel_block, pixels, k / channel_block, chunk);
        part_sum(ci, i, j, k, block, part) = 0.0f;
        part_sum(ci, i, j, k, block, part) += chunk_sum(ci, i, j, k, block, part * cut.in_part + chunks);
        d_filter(ci, i, j, k, block) = d_filter_above(ci, i, j, k, block);
        d_filter(ci, i, j, k, block) += part_sum(ci, i, j, k, block, parts);
    }
};
void schedule(UpConv2x2FilterGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
