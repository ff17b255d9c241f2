// up_conv2x2_filter_grad: what is computed. How, on a given machine: schedules/<family>/up_conv2x2_filter_grad.cpp.
#pragma once
#include "generators/bias_grad.h"
#include "generators/chunks.h"
#include "generators/knobs.h"
#include "generators/layout.h"

namespace unet::generators {

/// Gradients of up_conv2x2 to its filter and bias, for one sample.
///   d_filter(c, i, j, k) = sum_xy d_out(c, 2x + i, 2y + j) * in(k, x, y);   d_bias(c) = sum_xy d_out(c, x, y)
/// summed in a fixed tree, so that the bytes do not depend on threads: the pixels, numbered row by row, in chunks of
/// equal size, these over the parts of the image, then the parts.
///
/// Shapes   in [K, W, H, 1], d_out [C, 2W, 2H, 1] -> d_filter [16, 2, 2, K, C / 16], d_bias [C]; K a multiple of 16
struct UpConv2x2FilterGrad {
    Halide::Var ci{"ci"}, ki{"ki"}, i{"i"}, j{"j"}, k{"k"}, block{"block"}, p{"p"}, chunk{"chunk"}, part{"part"};
    Halide::RDom pixels, chunks, parts;  // pixel of a chunk; chunk of a part; part but the first
    Halide::Func packed{"packed"}, packed_in{"packed_in"}, chunk_sum{"chunk_sum"}, part_sum{"part_sum"},
        d_filter{"d_filter"};
    BiasGrad bias;

    UpConv2x2FilterGrad(Halide::Func in, Halide::Func d_out, Halide::Expr width, Halide::Expr height)
        : bias([=](Halide::Expr c, Halide::Expr x, Halide::Expr y) { return d_out(c, x, y, 0); }, 2 * width,
               2 * height) {
        // 96 pixels: 6 KB of 16 channels, so that a tap's gradient and 16 inputs stay in the first-level cache.
        const Chunks cut(width * height, 96, 32);
        pixels = Halide::RDom(0, cut.size, "pixels"), chunks = Halide::RDom(0, cut.in_part, "chunks");
        parts = Halide::RDom(1, cut.parts - 1, "parts");

        const Halide::Expr pixel = chunk * cut.size + p, x = pixel % width, y = pixel / width,
                           last = min(y, height - 1);
        packed(ci, p, i, j, block, chunk) = d_out(block * channel_block + ci, 2 * x + i, 2 * last + j, 0);
        packed_in(ki, p, block, chunk) = select(y < height, in(block * channel_block + ki, x, last, 0), 0.0f);

        chunk_sum(ci, i, j, k, block, chunk) = 0.0f;
        chunk_sum(ci, i, j, k, block, chunk) +=
            packed(ci, pixels, i, j, block, chunk) * packed_in(k % channel_block, pixels, k / channel_block, chunk);
        part_sum(ci, i, j, k, block, part) = 0.0f;
        part_sum(ci, i, j, k, block, part) += chunk_sum(ci, i, j, k, block, part * cut.in_part + chunks);
        d_filter(ci, i, j, k, block) = part_sum(ci, i, j, k, block, 0);
        d_filter(ci, i, j, k, block) += part_sum(ci, i, j, k, block, parts);
    }
};
void schedule(UpConv2x2FilterGrad &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
