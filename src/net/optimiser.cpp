#include "src/net/optimiser.h"
#include "src/kernels/kernels.h"
#include <algorithm>
#include <cmath>

namespace unet {

namespace {

Vector view(Parameters &values) { return Vector(values.data(), int(values.size())); }
Vector view(const Parameters &values) { return Vector(const_cast<float *>(values.data()), int(values.size())); }
void clear(Parameters &values) { std::fill_n(values.data(), values.size(), 0.0f); }

}  // namespace

Optimiser::Optimiser(const Architecture &architecture, const OptimiserOptions &options)
    : options_(options), mean_(architecture) {
    if (options.method == OptimiserMethod::adam) square_.emplace(architecture);
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

void Optimiser::step(Parameters &parameters, const Parameters &gradient, double rate) {
    const Vector weight = view(parameters), mean = view(mean_);
    steps_++;
    if (!square_) {
        run(kernels().sgd, weight, mean, view(gradient), float(rate), float(options_.momentum), weight, mean);
        return;
    }
    const Vector square = view(*square_);
    const double t = double(steps_), step = rate / (1 - std::pow(options_.beta1, t)),
                 root = std::sqrt(1 - std::pow(options_.beta2, t));
    run(kernels().adam, weight, mean, square, view(gradient), float(step), float(root), float(1 - options_.beta1),
        float(1 - options_.beta2), float(OptimiserOptions::epsilon), weight, mean, square);
}

}  // namespace unet
