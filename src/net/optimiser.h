// How weights move along their gradient.
#pragma once
#include "src/net/parameter_sets.h"
#include <optional>

namespace unet {

enum class OptimiserMethod { sgd, adam, adamw };

struct OptimiserOptions {
    OptimiserMethod method = OptimiserMethod::adam;
    double momentum = 0.99;                  ///< of SGD; Ronneberger et al. 2015, section 3
    double beta1 = 0.9, beta2 = 0.999;       ///< of Adam: memory of the mean and of the mean square
    double weight_decay = 0.01;              ///< of AdamW, times the learning rate, each step
    double largest_gradient = 0;             ///< gradients of a larger Euclidean norm are scaled down to it; 0: never
    static constexpr double epsilon = 1e-8;  ///< of Adam; Kingma, Ba 2015
};

/// Moves weights step by step; keeps what the method remembers of the gradients so far.
class Optimiser {
public:
    Optimiser(const Architecture &architecture, const OptimiserOptions &options);

    /// Forgets all gradients.
    void reset();
    /// What is remembered of the gradients, to be kept with the weights; `resume` after it was filled again.
    ParameterSets memory();
    void resume(int64_t steps_done) { steps_ = steps_done; }
    /// One step of PyTorch's SGD (momentum = mu * momentum + gradient; parameters -= rate * momentum), Adam or AdamW.
    /// Scales `gradient` down where it is too large. Floats of Parameters before number `first`, a multiple of 16, stay
    /// as they are.
    void step(Parameters &parameters, Parameters &gradient, double rate, size_t first = 0);

private:
    OptimiserOptions options_;
    Parameters mean_;                   // SGD: momentum
    std::optional<Parameters> square_;  // Adam only
    int64_t steps_ = 0;
};

}  // namespace unet
