#include "src/net/prepared_weights.h"
#include "src/kernels/kernels.h"

namespace unet {

namespace {

constexpr size_t bytes(size_t floats) { return floats * sizeof(float); }

// Elements (u, v) with those of a column side by side, as kernels read them: 1 % of an inference of width 64 (two Zen 5
// cores, 2026-11-27).
Filter elements_by_column(const Filter &filter) { return filter.transposed(2, 3); }

}  // namespace

PreparedWeights::PreparedWeights(const Parameters &parameters, Use use)
    : parameters_(parameters), all_(use == Use::inference ? parameters.layout().transformed_size() : 0),
      transformed_(parameters.layout().layers.size()), turned_(parameters.layout().layers.size()) {
    if (use == Use::training) place();
    else if (!kernels().on_device()) transform_all();
    else prepare_devices();
}

void PreparedWeights::prepare_devices() {
    for (const Device *device : devices_in_use()) {
        const OnQueue own(&device->queue);
        place();
        transform_all();
        device->queue.finish();  // networks read it through queues of their own
    }
}

void PreparedWeights::place() {
    if (!kernels().on_device()) return;
    on_device_.push_back(DeviceMemory::copy_of(parameters_.data(), bytes(parameters_.size())));
    if (all_.size()) on_device_.push_back(DeviceMemory::in_place_of(all_.data(), bytes(all_.size())));
}

void PreparedWeights::transform_all() {
    float *memory = all_.data();
    for (const DenseLayout &layer : parameters_.layout().layers) {
        transform(layer, memory);
        memory += layer.transformed_size();
    }
}

void PreparedWeights::transform(const DenseLayout &layer, float *memory) {
    transformed_[layer.index] = memory;
    if (!layer.transformed_size()) return;
    const auto kernel = layer.winograd == 4 ? kernels().winograd_filter4 : kernels().winograd_filter6;
    for (int input = 0; input < int(layer.inputs.size()); input++)
        run(kernel, layer.filter_view(parameters_.data(), input), transformed(layer, input));
}

void PreparedWeights::turn(const DenseLayout &layer, float *memory) {
    turned_[layer.index] = memory;
    if (!layer.turned_size()) return;
    for (int input = 0; input < int(layer.inputs.size()); input++)
        run(kernels().winograd_turned_filter4, layer.filter_view(parameters_.data(), input), turned(layer, input));
}

Filter PreparedWeights::transformed(const DenseLayout &layer, int input) const {
    if (layer.deep) return layer.filter_view(parameters_.data(), input);
    const int points = layer.winograd + 2;
    const size_t before = input ? layer.winograd_filter_size(0, layer.winograd) : 0;
    return elements_by_column(Filter(transformed_[layer.index] + before, channel_block, layer.stored_inputs(input),
                                     points, points, round_up(layer.outputs, channel_block) / channel_block));
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
    const size_t before = first_input ? layer.winograd_filter_size(0, gradient_tile) : 0;
    return elements_by_column(Filter(turned_[layer.index] + before, channel_block,
                                     round_up(layer.outputs, channel_block), points, points, channels / channel_block));
}

}  // namespace unet
