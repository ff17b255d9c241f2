#include "src/net/layout.h"
#include "src/base/error.h"
#include <numeric>

namespace unet {

int DenseLayout::total_inputs() const { return std::accumulate(inputs.begin(), inputs.end(), 0); }

size_t DenseLayout::filter_size(int input) const {
    return size_t(round_up(outputs, channel_block)) * taps() * taps() * stored_inputs(input);
}

Filter DenseLayout::filter_view(float *parameters, int input) const {
    return Filter(parameters + filter[input], channel_block, taps(), taps(), stored_inputs(input),
                  round_up(outputs, channel_block) / channel_block);
}

// Halide's buffers have no read-only form that kernels take; kernels write to their outputs only.
Filter DenseLayout::filter_view(const float *parameters, int input) const {
    return filter_view(const_cast<float *>(parameters), input);
}

Vector DenseLayout::bias_view(float *parameters) const { return Vector(parameters + bias, round_up(outputs, channel_block)); }

Vector DenseLayout::bias_view(const float *parameters) const { return bias_view(const_cast<float *>(parameters)); }

namespace {

std::string level_name(const char *path, int level, const char *layer) {
    return std::string(path) + "." + std::to_string(level) + "." + layer;
}

std::vector<DenseLayout> layers_of(const Architecture &a) {
    const auto channels = [&](int level) { return a.level_channels(level); };
    std::vector<DenseLayout> layers;
    for (int level = 0; level < a.depth; level++) {
        layers.push_back({level_name("encoder", level, "conv1"), Dense::conv3x3, channels(level), {level ? channels(level - 1) : a.channels}});
        layers.push_back({level_name("encoder", level, "conv2"), Dense::conv3x3, channels(level), {channels(level)}});
    }
    layers.push_back({"bottom.conv1", Dense::conv3x3, channels(a.depth), {a.depth ? channels(a.depth - 1) : a.channels}});
    layers.push_back({"bottom.conv2", Dense::conv3x3, channels(a.depth), {channels(a.depth)}});
    layers.front().reads_image = true;
    for (int level = 0; level < a.depth; level++) {
        layers.push_back({level_name("decoder", level, "up"), Dense::up_conv2x2, channels(level), {channels(level + 1)}});
        layers.push_back({level_name("decoder", level, "conv1"), Dense::conv3x3, channels(level), {channels(level), channels(level)}});
        layers.push_back({level_name("decoder", level, "conv2"), Dense::conv3x3, channels(level), {channels(level)}});
    }
    layers.push_back({"head", Dense::conv1x1, a.classes, {channels(0)}});
    return layers;
}

std::vector<int> weight_shape(const DenseLayout &layer) {
    const int taps = layer.taps(), inputs = layer.total_inputs();
    if (layer.kind == Dense::up_conv2x2) return {inputs, layer.outputs, taps, taps};
    return {layer.outputs, inputs, taps, taps};
}

}  // namespace

ParameterLayout::ParameterLayout(const Architecture &architecture) : layers(layers_of(architecture)) {
    for (DenseLayout &layer : layers) {
        for (size_t input = 0; input < layer.inputs.size(); input++) {
            layer.filter[input] = size;
            size += layer.filter_size(int(input));
        }
        layer.bias = size;
        size += round_up(layer.outputs, channel_block);
    }
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
