#include "pipeline/bench_runs.h"
#include "src/base/random.h"
#include "src/kernels/devices.h"

namespace unet {

namespace {

constexpr uint64_t bench_seed = 1;
constexpr double learning_rate = 1e-6;

Parameters random_parameters(const Architecture &architecture) {
    Parameters parameters(architecture);
    he_initialise(parameters, bench_seed);
    return parameters;
}

Pixels random_image(int channels, int side) {
    Random random(bench_seed, 0);
    Pixels image(channels, side, side);
    for (float &value : image.values) value = float(random.uniform());
    return image;
}

Classes random_labels(int classes, int side) {
    Random random(bench_seed, 1);
    Classes labels(1, side, side);
    for (uint8_t &label : labels.values) label = uint8_t(random.below(classes));
    return labels;
}

}  // namespace

InferenceRun::InferenceRun(const Architecture &architecture, int input)
    : parameters_(random_parameters(architecture)), net_(architecture, square(input), UNet::Use::inference),
      image_(random_image(architecture.channels, input)), weights_(parameters_) {}

TrainingRun::TrainingRun(const Architecture &architecture, int input, UNet::Use use)
    : parameters_(random_parameters(architecture)), gradient_(architecture),
      optimiser_(architecture, {.method = OptimiserMethod::sgd}), net_(architecture, square(input), use),
      image_(random_image(architecture.channels, input)),
      labels_(random_labels(architecture.classes, output_size(architecture, input))),
      weights_(1, labels_.width, labels_.height, 1.0f) {
    parameters_.keep_on_device(), gradient_.keep_on_device();
    for (const auto &[name, set] : optimiser_.memory()) set->keep_on_device();
}

void TrainingRun::operator()() {
    net_.train(parameters_, image_, labels_, weights_, {}, gradient_);
    optimiser_.step(parameters_, gradient_, learning_rate);
    if (const DeviceQueue *queue = current_queue()) queue->finish();
}

}  // namespace unet
