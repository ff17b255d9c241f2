#include "src/net/layout.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include <numeric>

namespace unet {

int DenseLayout::total_inputs() const { return std::accumulate(inputs.begin(), inputs.end(), 0); }

double DenseLayout::multiply_adds(Size pixels) const {
    return double(total_inputs()) * outputs * taps() * taps() * pixels.width * pixels.height;
}

size_t DenseLayout::filter_size(int input) const {
    return size_t(round_up(outputs, channel_block)) * taps() * taps() * stored_inputs(input);
}

size_t DenseLayout::winograd_filter_size(int input, int tile) const {
    if (deep) return filter_size(input);
    return filter_size(input) / (taps() * taps()) * (tile + 2) * (tile + 2);
}

size_t DenseLayout::transformed_size() const { return winograd && !deep ? forward_filter_size() : 0; }

size_t DenseLayout::turned_size() const {
    size_t floats = 0;
    for (int input = 0; input < int(inputs.size()) && winograd && !deep; input++)
        floats += winograd_filter_size(input, gradient_tile);
    return floats;
}

size_t DenseLayout::forward_filter_size() const {
    size_t floats = 0;
    for (int input = 0; input < int(inputs.size()); input++)
        floats += winograd ? winograd_filter_size(input, winograd) : filter_size(input);
    return floats;
}

size_t DenseLayout::backward_filter_size(bool to_inputs) const {
    size_t floats = 0;
    for (int input = 0; input < int(inputs.size()); input++) {
        floats += filter_size(input);
        if (to_inputs) floats += winograd ? winograd_filter_size(input, gradient_tile) : filter_size(input);
    }
    return floats;
}

Filter DenseLayout::filter_view(float *parameters, int input) const {
    return Filter(parameters + filter[input], channel_block, taps(), taps(), stored_inputs(input),
                  round_up(outputs, channel_block) / channel_block);
}

// Halide's buffers have no read-only form that kernels take; kernels write to their outputs only.
Filter DenseLayout::filter_view(const float *parameters, int input) const {
    return filter_view(const_cast<float *>(parameters), input);
}

Vector DenseLayout::bias_view(float *parameters) const {
    return Vector(parameters + bias, round_up(outputs, channel_block));
}

Vector DenseLayout::bias_view(const float *parameters) const { return bias_view(const_cast<float *>(parameters)); }

namespace {

// Kernels of a device have no cache to keep rows in.
bool goes_by_rows(Dense kind, int inputs, int outputs, int level) {
    return !kernels().on_device() && sums_rows(kind, inputs, outputs, level);
}

DenseLayout conv3x3(const std::string &name, int level, const std::vector<int> &inputs, int outputs) {
    DenseLayout layer{.name = name, .kind = Dense::conv3x3, .outputs = outputs, .inputs = inputs};
    layer.winograd = winograd_tile(layer.total_inputs(), outputs, level);
    layer.by_rows = goes_by_rows(layer.kind, layer.stored_inputs(0), round_up(outputs, channel_block), level);
    return layer;
}

std::vector<DenseLayout> layers_of(const Architecture &a) {
    const auto channels = [&](int level) { return a.level_channels(level); };
    std::vector<DenseLayout> layers;
    const auto add_block = [&](const std::string &name, int level) {
        layers.push_back(conv3x3(name + ".conv1", level, {level ? channels(level - 1) : a.channels}, channels(level)));
        layers.push_back(conv3x3(name + ".conv2", level, {channels(level)}, channels(level)));
    };
    for (int level = 0; level < a.depth; level++) add_block("encoder." + std::to_string(level), level);
    add_block("bottom", a.depth);
    layers.front().reads_image = true;
    layers.front().winograd = 0;  // few input channels: nothing to save multiplications on
    layers.front().by_rows = !kernels().on_device();
    for (size_t i = layers.size() - 2; i < layers.size(); i++)
        layers[i].deep = layers[i].winograd && large_filter(layers[i].total_inputs(), layers[i].outputs);
    for (int level = 0; level < a.depth; level++) {
        const std::string name = "decoder." + std::to_string(level);
        layers.push_back({name + ".up", Dense::up_conv2x2, channels(level), {channels(level + 1)}});
        layers.back().by_rows = goes_by_rows(Dense::up_conv2x2, channels(level + 1), channels(level), level);
        layers.push_back(conv3x3(name + ".conv1", level, {channels(level), channels(level)}, channels(level)));
        layers.push_back(conv3x3(name + ".conv2", level, {channels(level)}, channels(level)));
    }
    layers.push_back({"head", Dense::conv1x1, a.classes, {channels(0)}});
    return layers;
}

std::vector<int> weight_shape(const DenseLayout &layer) {
    const int taps = layer.taps(), inputs = layer.total_inputs();
    if (layer.kind == Dense::up_conv2x2) return {inputs, layer.outputs, taps, taps};
    return {layer.outputs, inputs, taps, taps};
}

// Where kernels of a device may read a filter or a bias, from `floats` on (block_alignment); on a CPU too, so that
// parameters fit any kernels. It pads small biases: 4 kB in all for width 32, depth 4.
size_t next_place(size_t floats) {
    constexpr size_t aligned = 512 / sizeof(float);
    return (floats + aligned - 1) / aligned * aligned;
}

}  // namespace

ParameterLayout::ParameterLayout(const Architecture &architecture) : layers(layers_of(architecture)) {
    for (DenseLayout &layer : layers) {
        layer.index = size_t(&layer - layers.data());
        for (size_t input = 0; input < layer.inputs.size(); input++) {
            layer.filter[input] = size;
            size = next_place(size + layer.filter_size(int(input)));
        }
        layer.bias = size;
        size = layer.end = next_place(size + size_t(round_up(layer.outputs, channel_block)));
    }
}

size_t ParameterLayout::transformed_size() const {
    size_t floats = 0;
    for (const DenseLayout &layer : layers) floats += layer.transformed_size();
    return floats;
}

const DenseLayout &ParameterLayout::operator[](const std::string &name) const {
    for (const DenseLayout &layer : layers)
        if (layer.name == name) return layer;
    throw Error(Exit::internal, "the network has no layer " + name);
}

std::vector<TensorShape> ParameterLayout::tensors() const {
    std::vector<TensorShape> tensors;
    for (const DenseLayout &layer : layers) {
        tensors.push_back({layer.name + ".weight", weight_shape(layer)});
        tensors.push_back({layer.name + ".bias", {layer.outputs}});
    }
    return tensors;
}

}  // namespace unet
