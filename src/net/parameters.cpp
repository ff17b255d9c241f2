#include "src/net/parameters.h"
#include "src/base/error.h"
#include "src/base/random.h"
#include "src/kernels/kernels.h"
#include <cmath>
#include <cstring>

namespace unet {

namespace {

bool is_bias(const std::string &name) { return name.ends_with(".bias"); }
std::string layer_name(const std::string &name) { return name.substr(0, name.rfind('.')); }

Vector all_of(const Parameters &values) { return Vector(const_cast<float *>(values.data()), int(values.size())); }

// The input a channel of the concatenation belongs to, and its number there.
std::pair<int, int> input_of(const DenseLayout &layer, int channel) {
    return channel < layer.inputs[0] ? std::pair(0, channel) : std::pair(1, channel - layer.inputs[0]);
}

size_t filter_index(const DenseLayout &layer, int output, int channel, int i, int j) {
    const auto [input, k] = input_of(layer, channel);
    const int taps = layer.taps(), block = output / channel_block;
    const size_t blocked = (((size_t(block) * layer.stored_inputs(input) + k) * taps + j) * taps + i) * channel_block;
    return layer.filter[input] + blocked + output % channel_block;
}

}  // namespace

Parameters::Parameters(const Architecture &architecture)
    : architecture_(architecture), layout_(std::make_shared<ParameterLayout>(architecture)), values_(layout_->size) {}

Parameters::Parameters(const Parameters &other)
    : architecture_(other.architecture_), layout_(other.layout_), values_(layout_->size) {
    std::memcpy(data(), other.data(), size() * sizeof(float));
}

Parameters &Parameters::operator=(const Parameters &other) { return *this = Parameters(other); }

void Parameters::keep_on_device() { on_device_ = DeviceMemory::copy_of(data(), size() * sizeof(float)); }

void Parameters::to_device() const {
    if (on_device_) on_device_->upload();
}

void Parameters::to_host() const {
    if (on_device_) on_device_->download();
}

TensorShape Parameters::tensor(const std::string &name) const {
    for (const TensorShape &tensor : tensors())
        if (tensor.name == name) return tensor;
    throw Error(Exit::internal, "the network has no tensor " + name);
}

// Entries [first, first + count) of the first axis; `torch` counts from the first of them.
void Parameters::for_each(const std::string &name, int first, int count,
                          const std::function<void(size_t, size_t)> &visit) const {
    const DenseLayout &layer = (*layout_)[layer_name(name)];
    const int inputs = layer.total_inputs(), taps = layer.taps();
    if (is_bias(name)) {
        for (int i = 0; i < count; i++) visit(size_t(i), layer.bias + size_t(first + i));
        return;
    }
    const bool turned = layer.kind == Dense::up_conv2x2;  // [in, out, ...] instead of [out, in, ...]
    size_t torch = 0;
    for (int outer = first; outer < first + count; outer++)
        for (int inner = 0; inner < (turned ? layer.outputs : inputs); inner++)
            for (int j = 0; j < taps; j++)
                for (int i = 0; i < taps; i++)
                    visit(torch++, filter_index(layer, turned ? inner : outer, turned ? outer : inner, i, j));
}

std::vector<float> Parameters::get(const std::string &name) const { return get(name, 0, tensor(name).shape.front()); }

std::vector<float> Parameters::get(const std::string &name, int first, int count) const {
    const TensorShape whole = tensor(name);
    const int length = whole.shape.front();
    if (first < 0 || count < 0 || count > length - first)
        throw Error(Exit::internal, name + " has no entries " + std::to_string(first) + " + " + std::to_string(count));
    std::vector<float> values(whole.count() / size_t(length) * size_t(count));
    for_each(name, first, count, [&](size_t torch, size_t own) { values[torch] = data()[own]; });
    return values;
}

void Parameters::set(const std::string &name, const std::vector<float> &values) {
    const TensorShape whole = tensor(name);
    if (values.size() != whole.count())
        throw Error(Exit::internal, name + ": " + std::to_string(values.size()) + " values given, " +
                                        std::to_string(whole.count()) + " needed");
    for_each(name, 0, whole.shape.front(), [&](size_t torch, size_t own) { data()[own] = values[torch]; });
}

void he_initialise(Parameters &parameters, uint64_t seed) {
    uint64_t stream = 0;
    for (const TensorShape &tensor : parameters.tensors()) {
        Random random(seed, stream++);
        std::vector<float> values(tensor.count());
        if (!is_bias(tensor.name)) {
            const DenseLayout &layer = parameters.layout()[layer_name(tensor.name)];
            // An output pixel of an up-convolution sees one of its four taps.
            const int taps_seen = layer.kind == Dense::up_conv2x2 ? 1 : layer.taps() * layer.taps();
            const double deviation = std::sqrt(2.0 / (double(layer.total_inputs()) * taps_seen));
            for (float &value : values) value = float(deviation * random.normal());
        }
        parameters.set(tensor.name, values);
    }
}

void clear(Parameters &values) {
    const Vector all = all_of(values);
    run(kernels().axpby, all, all, 0.0f, 0.0f, all);
}

void accumulate(Parameters &sum, const Parameters &gradient) {
    const Vector to = all_of(sum);
    run(kernels().axpby, to, all_of(gradient), 1.0f, 1.0f, to);
}

}  // namespace unet
