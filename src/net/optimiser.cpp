#include "src/net/optimiser.h"
#include "src/kernels/kernels.h"
#include <cmath>

namespace unet {

namespace {

// From number `first` on.
Vector view(Parameters &values, size_t first = 0) { return Vector(values.data() + first, int(values.size() - first)); }

// Squares are summed in blocks, in double and in order: the same for any number of threads.
double norm(Parameters &values) {
    constexpr size_t block = 4096;  // generators/square_sums.h
    Halide::Runtime::Buffer<double, 1> sums(int((values.size() + block - 1) / block));
    run(kernels().square_sums, view(values), sums);
    double sum = 0;
    for (int i = 0; i < sums.dim(0).extent(); i++) sum += sums(i);
    return std::sqrt(sum);
}

void clip(Parameters &gradient, double largest) {
    const double found = norm(gradient);
    if (found <= largest) return;
    const Vector all = view(gradient);
    run(kernels().axpby, all, all, float(largest / found), 0.0f, all);
}

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

void Optimiser::step(Parameters &parameters, Parameters &gradient, double rate, size_t first) {
    if (options_.largest_gradient > 0) clip(gradient, options_.largest_gradient);
    const Vector weight = view(parameters, first), mean = view(mean_, first), moved_by = view(gradient, first);
    steps_++;
    if (!square_) {
        run(kernels().sgd, weight, mean, moved_by, float(rate), float(options_.momentum), weight, mean);
        return;
    }
    const Vector square = view(*square_, first);
    const double t = double(steps_), step = rate / (1 - std::pow(options_.beta1, t)),
                 root = std::sqrt(1 - std::pow(options_.beta2, t));
    const double keep = options_.method == OptimiserMethod::adamw ? 1 - rate * options_.weight_decay : 1;
    run(kernels().adam, weight, mean, square, moved_by, float(step), float(root), float(1 - options_.beta1),
        float(1 - options_.beta2), float(OptimiserOptions::epsilon), float(keep), weight, mean, square);
}

}  // namespace unet
