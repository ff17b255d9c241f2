// Steps of training, sample by sample.
#pragma once
#include "pipeline/gradient_sum.h"
#include "pipeline/ranks.h"
#include "pipeline/train.h"
#include "src/net/optimiser.h"
#include "src/net/unet.h"
#include "src/sample/sample.h"

namespace unet {

/// A network in training. Fed samples in order, it makes a step after each batch. Several ranks, each with a trainer of
/// the same network, are fed every so many-th sample and make the same steps.
class Trainer {
public:
    /// `start`: weights to begin with, where they fit; null: none. The batch is a multiple of the number of ranks.
    Trainer(const Architecture &architecture, int input, const TrainOptions &options, Ranks &ranks,
            const Parameters *start = nullptr);

    /// Back to the first weights: those of the start, seeded ones for the rest; no gradient remembered.
    void reset();
    /// Tensors that the start had no weights for.
    const std::vector<std::string> &fresh() const { return fresh_; }
    /// Decides the learning rates from here on.
    void plan(int64_t steps) { steps_ = steps; }

    /// The weights and what the optimiser remembers, as they are between two steps. On a device they are brought here.
    ParameterSets state();
    /// After the state, asked for once, was filled with that of a run which had made so many of the planned steps.
    void resume(int64_t steps_done);

    /// Between two samples: activations take no memory until the next one.
    void rest() { net_.release(); }

    /// Adds the gradient of sample `index`; true when this completed a batch and made a step. Samples come in order.
    /// Sample i belongs to rank i modulo their number; all ranks learn theirs at the same time. Throws Error(data) when
    /// a loss is not a finite number, and what Ranks::stop_together throws: then no rank makes the step.
    bool learn(uint64_t index, const Sample &sample);

    /// Other weights, to be looked at: training is over.
    void show(const Parameters &weights);

    int64_t steps_done() const { return done_; }
    double loss() const { return loss_; }  ///< of the last batch: mean over its samples
    double rate() const { return rate_; }  ///< learning rate of the last step
    const Parameters &parameters() const;  ///< brought here from a device, where steps are made
    const GradientTraffic &traffic() const { return sum_.traffic(); }

private:
    ParameterSets sets();
    double add_gradient(uint64_t index, const Sample &sample);
    void step();

    const TrainOptions &options_;
    Ranks &ranks_;
    const Parameters *start_;
    std::vector<std::string> fresh_;
    UNet net_;
    Parameters parameters_;
    GradientSum sum_;
    Optimiser optimiser_;
    int64_t steps_ = 1, done_ = 0;
    int in_batch_ = 0;
    double batch_loss_ = 0, loss_ = 0, rate_ = 0;
    mutable bool is_behind_ = false;  // the host: a step on the device has moved the parameters
};

}  // namespace unet
