#include "src/net/conv3x3.h"
#include "src/kernels/kernels.h"
#include "src/net/gradient_sums.h"
#include <algorithm>
#include <cstdlib>

namespace unet {

namespace {

constexpr bool relu = true;

auto forward_kernel(const DenseLayout &layout) {
    if (layout.winograd == 4) return layout.deep ? kernels().conv3x3_winograd4_deep : kernels().conv3x3_winograd4;
    return layout.deep ? kernels().conv3x3_winograd6_deep : kernels().conv3x3_winograd6;
}

int gradient_tiles(Size size) {
    const auto across = [](int pixels) { return round_up(pixels, gradient_tile) / gradient_tile; };
    return across(size.width) * across(size.height);
}

// Most tiles that are summed at once: a chunk of generators/conv3x3_filter_grad_winograd.h.
constexpr int most_few_tiles = 224;

// Whether filters are shared among threads instead of tiles: few tiles, and filters for 16 tasks or more.
bool few_tiles(const DenseLayout &layout, int input, Size size) {
    constexpr int64_t task = 32 * 2 * channel_block;
    return gradient_tiles(size) <= most_few_tiles && int64_t(layout.stored_inputs(input)) * layout.outputs >= 16 * task;
}

// Rows of tiles that are summed at once, each by itself before it is added: work for many threads, 2 MB of filters.
constexpr int rows_at_once = 16 * gradient_tile;

// Of the direct form: `in` as below.
void add_direct_filter_grad(const DenseLayout &layout, const Image &in, const Image &d_out, const Filter &d_filter,
                            const Vector &d_bias) {
    const auto kernel = layout.reads_image ? kernels().conv3x3_filter_grad_thin : kernels().conv3x3_filter_grad;
    const Image read = in.cropped(1, 0, d_out.dim(1).extent() + 2).cropped(2, 0, d_out.dim(2).extent() + 2);
    run(kernel, read, d_out, d_out, false, d_filter, d_bias, d_filter, d_bias);
}

// What these rows of `d_out` add. `in`: as stored from the first pixel of the input at rows.begin on. All inputs have
// one bias: the first adds to it.
void add_filter_grad(const DenseLayout &layout, int input, const Image &in, const Tensor &d_out, Rows rows,
                     Parameters &gradient) {
    Filter d_filter = layout.filter_view(gradient.data(), input);
    Vector d_bias = input == 0 ? layout.bias_view(gradient.data()) : Vector(gradient.data(), 0);
    begin_sums(rows, d_filter, d_bias);
    if (!layout.winograd) {
        add_direct_filter_grad(layout, in, d_out.rows(rows).exact(), d_filter, d_bias);
        return;
    }
    for (int y = rows.begin, end; y < rows.end; y = end) {
        end = std::min(y + rows_at_once, rows.end);
        const int above = y - rows.begin;
        const Image below = in.translated(2, -above).cropped(2, 0, in.dim(2).extent() - above);
        run(kernels().conv3x3_filter_grad_rows, below, d_out.rows({y, end}).bordered(), d_out.size().width, end - y,
            d_filter, d_bias, d_filter, d_bias);
    }
}

// Rows of an input's gradient, from those of the output's that reach it.
RowUse rows_of_gradient(const DenseLayout &layout, const Tensor &d_in) {
    const auto reaching = [](Rows rows) { return Rows{std::max(0, rows.begin - 2), rows.end}; };
    return {layout.by_rows ? d_in.size().height : 0, gradient_tile, reaching};
}

// Of the output's gradient, where the input's is not wanted.
RowUse rows_summed(const DenseLayout &layout, const Tensor &d_out) {
    return {layout.by_rows ? d_out.size().height : 0, gradient_tile, [](Rows rows) { return rows; }};
}

// Those of `rows` that the output's gradient has. Tiles of an input's gradient may begin behind its last row.
Rows within(const Tensor &d_out, Rows rows) {
    return {rows.begin, std::clamp(d_out.size().height, rows.begin, rows.end)};
}

// `in`: as stored from the first pixel of the input on.
void filter_grad(const DenseLayout &layout, int input, const Image &in, const Tensor &d_out, Parameters &gradient) {
    const auto [width, height] = d_out.size();
    if (!layout.winograd) {
        add_filter_grad(layout, input, in, d_out, {0, height}, gradient);
        return;
    }
    const auto kernel = few_tiles(layout, input, d_out.size()) ? kernels().conv3x3_filter_grad_winograd4_few_tiles
                                                               : kernels().conv3x3_filter_grad_winograd4;
    run(kernel, in, d_out.bordered(), width, height, layout.filter_view(gradient.data(), input),
        layout.bias_view(gradient.data()));
}

// What generators/conv3x3_filter_grad_winograd.h keeps at a time, with a twentieth for what kernels round up: the
// transforms of the tiles of a chunk, and the sums of 36 elements for each filter unless there are few tiles.
size_t filter_grad_scratch(const DenseLayout &layout, int input, Size size) {
    if (!layout.winograd) return 0;
    if (layout.by_rows) return layout.filter_size(input) * rows_at_once / gradient_tile * sizeof(float) / 20 * 21;
    constexpr size_t points = (gradient_tile + 2) * (gradient_tile + 2);
    const size_t inputs = size_t(layout.stored_inputs(input)),
                 outputs = size_t(round_up(layout.outputs, channel_block));
    const size_t tiles = size_t(std::min(gradient_tiles(size), most_few_tiles) + 1);
    const size_t sums = few_tiles(layout, input, size) ? 0 : inputs * outputs;
    return points * (sums + tiles * (inputs + outputs)) * sizeof(float) / 20 * 21;
}

// `in`: the same. `behind_relu`: it comes from a ReLU.
void input_grad(const Filter &turned, bool deep, const Image &in, bool behind_relu, const Tensor &d_out,
                const Tensor &d_in) {
    const TiledImage tiles = d_in.winograd_tiles(gradient_tile);
    const auto kernel = deep ? kernels().conv3x3_input_grad_winograd4_deep : kernels().conv3x3_input_grad_winograd4;
    run(kernel, d_out.bordered(), turned, in, behind_relu, tiles.dim(2).extent(), tiles.dim(4).extent(), tiles);
}

// Both at once if one buffer can reach from one to the other, as Halide counts two strides of floats in 31 bits; on a
// device never, where a buffer is a part of memory from its first image on, which may lie behind the second.
// Without a mask, any image may stand for the input.
void pair_input_grad(const PreparedWeights &weights, const DenseLayout &layout, const Tensor &d_out,
                     const Tensor &d_skip, const Tensor &d_up) {
    const ptrdiff_t apart = Image(d_up.exact()).data() - Image(d_skip.exact()).data();
    if (kernels().on_device() || std::abs(apart) >= ptrdiff_t(1) << 30) {
        input_grad(weights.turned(layout, 0), false, d_skip.stored(), false, d_out, d_skip);
        input_grad(weights.turned(layout, 1), false, d_up.stored(), false, d_out, d_up);
        return;
    }
    const TiledImage tiles = two_images(d_skip.winograd_tiles(gradient_tile), int(apart));
    run(kernels().conv3x3_pair_input_grad_winograd4, d_out.bordered(), weights.turned(layout), tiles.dim(2).extent(),
        tiles.dim(4).extent(), tiles);
}

}  // namespace

RowUse Conv3x3::gradient_rows(const Tensor *d_in, const Tensor &d_out) const {
    return d_in ? rows_of_gradient(layout_, *d_in) : rows_summed(layout_, d_out);
}

RowUse Conv3x3Pair::gradient_rows(const Tensor &d_up) const { return rows_of_gradient(layout_, d_up); }

size_t Conv3x3::scratch_bytes(Size size) const { return filter_grad_scratch(layout_, 0, size); }

size_t Conv3x3Pair::scratch_bytes(Size size) const {
    return std::max(filter_grad_scratch(layout_, 0, size), filter_grad_scratch(layout_, 1, size));
}

void Conv3x3::forward(const PreparedWeights &weights, const Tensor &in, Tensor &out, Rows rows) const {
    const float *p = weights.parameters().data();
    const StoredImage pixels = in.rows(input_rows(rows)).stored();
    if (!layout_.winograd) {
        run(kernels().conv3x3, pixels, layout_.filter_view(p), layout_.bias_view(p), relu, out.rows(rows).tiles());
        return;
    }
    const StoredTiles tiles = out.rows(rows).winograd_tiles(layout_.winograd);
    run(forward_kernel(layout_), pixels, weights.transformed(layout_, 0), layout_.bias_view(p), relu,
        tiles.dim(2).extent(), tiles.dim(4).extent(), tiles);
}

void Conv3x3::backward(const PreparedWeights &weights, const Tensor &in, const Tensor &d_out, Tensor *d_in,
                       Parameters &gradient, Rows rows) const {
    const Filter turned = d_in ? weights.turned(layout_) : Filter();
    if (!layout_.by_rows) {
        filter_grad(layout_, 0, in.stored(), d_out, gradient);
        if (d_in) input_grad(turned, layout_.deep, in.stored(), behind_relu_, d_out, *d_in);
        return;
    }
    const Rows summed = within(d_out, rows);
    add_filter_grad(layout_, 0, in.rows(input_rows(summed)).stored(), d_out, summed, gradient);
    if (d_in)
        input_grad(turned, layout_.deep, in.rows(rows).stored(), behind_relu_, d_out.rows(summed), d_in->rows(rows));
}

void Conv3x3Pair::forward(const PreparedWeights &weights, const Tensor &skip, const Tensor &up, Tensor &out,
                          Rows rows) const {
    const Rows read = input_rows(rows);
    const auto kernel = layout_.winograd == 4 ? kernels().conv3x3_pair_winograd4 : kernels().conv3x3_pair_winograd6;
    const StoredTiles tiles = out.rows(rows).winograd_tiles(layout_.winograd);
    run(kernel, skip.stored_from_crop(up.size(), read), up.rows(read).stored(), weights.transformed(layout_, 0),
        weights.transformed(layout_, 1), layout_.bias_view(weights.parameters().data()), relu, tiles.dim(2).extent(),
        tiles.dim(4).extent(), tiles);
}

// Neither input's gradient stops at a ReLU here: the skip's is added to another first, an up-convolution has none.
void Conv3x3Pair::backward(const PreparedWeights &weights, const Tensor &skip, const Tensor &up, const Tensor &d_out,
                           Tensor &d_skip, Tensor &d_up, Parameters &gradient, Rows rows) const {
    if (!layout_.by_rows) {
        filter_grad(layout_, 0, skip.stored_from_crop(up.size()), d_out, gradient);
        filter_grad(layout_, 1, up.stored(), d_out, gradient);
        pair_input_grad(weights, layout_, d_out, d_skip, d_up);
        return;
    }
    const Rows summed = within(d_out, rows), read = input_rows(summed);
    add_filter_grad(layout_, 0, skip.stored_from_crop(up.size(), read), d_out, summed, gradient);
    add_filter_grad(layout_, 1, up.rows(read).stored(), d_out, summed, gradient);
    pair_input_grad(weights, layout_, d_out.rows(summed), d_skip.rows(rows), d_up.rows(rows));
}

}  // namespace unet
