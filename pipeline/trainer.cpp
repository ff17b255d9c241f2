#include "pipeline/trainer.h"
#include "src/base/error.h"
#include "src/net/fine_tuning.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace unet {

Trainer::Trainer(const Architecture &architecture, int input, const TrainOptions &options, Ranks &ranks,
                 const Parameters *start)
    : options_(options), ranks_(ranks), start_(start),
      net_(architecture, square(input), UNet::training_use(options.memory_saver)), parameters_(architecture),
      sum_(architecture, net_.gradient_order(), options.batch, ranks.collective()),
      optimiser_(architecture, options.optimiser) {
    for (const auto &[name, set] : sets()) set->keep_on_device();
    reset();
}

void Trainer::reset() {
    he_initialise(parameters_, options_.seed);
    if (start_) fresh_ = copy_fitting(*start_, parameters_);
    parameters_.to_device();
    is_behind_ = false;
    optimiser_.reset();
    done_ = in_batch_ = 0;
    batch_loss_ = 0;
}

ParameterSets Trainer::sets() {
    ParameterSets sets = optimiser_.memory();
    sets["weights"] = &parameters_;
    return sets;
}

ParameterSets Trainer::state() {
    ParameterSets all = sets();
    for (const auto &[name, set] : all) set->to_host();
    is_behind_ = false;
    return all;
}

const Parameters &Trainer::parameters() const {
    if (is_behind_) parameters_.to_host();
    is_behind_ = false;
    return parameters_;
}

void Trainer::resume(int64_t steps_done) {
    for (const auto &[name, set] : sets()) set->to_device();
    done_ = steps_done;
    optimiser_.resume(steps_done);
    if (steps_done > 0) rate_ = learning_rate(options_.rate, steps_done - 1, steps_);
}

void Trainer::show(const Parameters &weights) {
    std::copy_n(weights.data(), weights.size(), parameters_.data());
    parameters_.to_device();
    is_behind_ = false;
}

bool Trainer::learn(uint64_t index, const Sample &sample) {
    ranks_.stop_together();
    for (const double loss : ranks_.meet(add_gradient(index, sample))) {
        if (!std::isfinite(loss))
            throw Error(Exit::data,
                        fmt::format("train: the loss is not a number any more at step {} (learning rate {:.3g}); "
                                    "start again with a lower --learning-rate",
                                    done_ + 1, rate_));
        batch_loss_ += loss;
    }
    in_batch_ += ranks_.size();
    if (in_batch_ < options_.batch) return false;
    step();
    return true;
}

double Trainer::add_gradient(uint64_t index, const Sample &sample) {
    const Dropout dropout{float(options_.dropout), options_.seed, index};
    GradientSum::Turn turn(sum_, {in_batch_ == 0, in_batch_ + ranks_.size() == options_.batch});
    const double loss = net_.train(parameters_, sample.image, sample.labels, sample.weights, dropout, turn.gradient(),
                                   options_.loss, [&] { turn.finish_layer(); });
    turn.finish();
    return loss;
}

void Trainer::step() {
    rate_ = learning_rate(options_.rate, done_, steps_);
    const size_t frozen = options_.freeze_encoder ? encoder_floats(parameters_.layout()) : 0;
    optimiser_.step(parameters_, sum_.sum(), rate_, frozen);
    is_behind_ = true;
    loss_ = batch_loss_ / options_.batch;
    batch_loss_ = 0;
    in_batch_ = 0;
    done_++;
}

}  // namespace unet
