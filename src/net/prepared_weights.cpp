#include "src/net/prepared_weights.h"
#include "src/kernels/kernels.h"

namespace unet {

PreparedWeights::PreparedWeights(const Parameters &parameters, Use use)
    : parameters_(parameters), transformed_(parameters.layout().transformed_size),
      turned_(use == Use::training ? parameters.layout().turned_size : 0) {
    const auto place = [this](const float *values, size_t floats) {
        if (kernels().on_device() && floats)
            on_device_.push_back(DeviceMemory::in_place_of(values, floats * sizeof(float)));
    };
    place(parameters.data(), parameters.size());
    for (const FloatBuffer *buffer : {&transformed_, &turned_}) place(buffer->data(), buffer->size());
    update();
}

void PreparedWeights::update() {
    if (!on_device_.empty()) on_device_.front()->upload();
    for (const DenseLayout &layer : parameters_.layout().layers) {
        if (!layer.winograd || layer.deep) continue;
        const auto transform = layer.winograd == 4 ? kernels().winograd_filter4 : kernels().winograd_filter6;
        for (int input = 0; input < int(layer.inputs.size()); input++) {
            const Filter filter = layer.filter_view(parameters_.data(), input);
            run(transform, filter, transformed(layer, input));
            if (turned_.size()) run(kernels().winograd_turned_filter4, filter, turned(layer, input));
        }
    }
}

Filter PreparedWeights::transformed(const DenseLayout &layer, int input) const {
    if (layer.deep) return layer.filter_view(parameters_.data(), input);
    const int points = layer.winograd + 2;
    return Filter(transformed_.data() + layer.transformed[input], channel_block, layer.stored_inputs(input), points,
                  points, round_up(layer.outputs, channel_block) / channel_block);
}

Filter PreparedWeights::turned(const DenseLayout &layer, int input) const {
    return turned_view(layer, input, layer.stored_inputs(input));
}

Filter PreparedWeights::turned(const DenseLayout &layer) const {
    if (layer.deep) return layer.filter_view(parameters_.data());
    int channels = 0;  // filters of a layer lie one behind the other
    for (int input = 0; input < int(layer.inputs.size()); input++) channels += layer.stored_inputs(input);
    return turned_view(layer, 0, channels);
}

Filter PreparedWeights::turned_view(const DenseLayout &layer, int first_input, int channels) const {
    constexpr int points = gradient_tile + 2;
    return Filter(turned_.data() + layer.turned[first_input], channel_block, round_up(layer.outputs, channel_block),
                  points, points, channels / channel_block);
}

}  // namespace unet
