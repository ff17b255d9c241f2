#include "src/net/optimiser.h"
#include "src/kernels/device_memory.h"
#include "src/kernels/kernels.h"
#include <algorithm>
#include <cmath>

namespace unet {

namespace {

Vector view(Parameters &values) { return Vector(values.data(), int(values.size())); }

// Squares are summed in blocks, in double and in order: the same for any number of threads.
double norm(const Parameters &values) {
    constexpr size_t block = 4096;
    double sum = 0;
    for (size_t begin = 0; begin < values.size(); begin += block) {
        double of_block = 0;
        for (size_t i = begin; i < std::min(values.size(), begin + block); i++)
            of_block += double(values.data()[i]) * values.data()[i];
        sum += of_block;
    }
    return std::sqrt(sum);
}

void clip(Parameters &gradient, double largest) {
    const double found = norm(gradient);
    if (found <= largest) return;
    const auto scale = float(largest / found);
    std::transform(gradient.data(), gradient.data() + gradient.size(), gradient.data(),
                   [&](float value) { return scale * value; });
}

// Parameters that have a place on a device, where a step has moved them, are those of the host again.
void fetch(const Parameters &parameters) {
    if (const DeviceMemory *memory = DeviceMemory::holding(parameters.data())) memory->download();
}

void clear(Parameters &values) { std::fill_n(values.data(), values.size(), 0.0f); }

}  // namespace

Optimiser::Optimiser(const Architecture &architecture, const OptimiserOptions &options)
    : options_(options), mean_(architecture) {
    if (options.method != OptimiserMethod::sgd) square_.emplace(architecture);
}

void Optimiser::reset() {
    clear(mean_);
    if (square_) clear(*square_);
    steps_ = 0;
}

ParameterSets Optimiser::memory() {
    ParameterSets sets{{"mean", &mean_}};
    if (square_) sets["square"] = &*square_;
    return sets;
}

void Optimiser::step(Parameters &parameters, Parameters &gradient, double rate) {
    if (options_.largest_gradient > 0) clip(gradient, options_.largest_gradient);
    const Vector weight = view(parameters), mean = view(mean_);
    steps_++;
    if (!square_) {
        run(kernels().sgd, weight, mean, view(gradient), float(rate), float(options_.momentum), weight, mean);
        fetch(parameters);
        return;
    }
    const Vector square = view(*square_);
    const double t = double(steps_), step = rate / (1 - std::pow(options_.beta1, t)),
                 root = std::sqrt(1 - std::pow(options_.beta2, t));
    const double keep = options_.method == OptimiserMethod::adamw ? 1 - rate * options_.weight_decay : 1;
    run(kernels().adam, weight, mean, square, view(gradient), float(step), float(root), float(1 - options_.beta1),
        float(1 - options_.beta2), float(OptimiserOptions::epsilon), float(keep), weight, mean, square);
    fetch(parameters);
}

}  // namespace unet
