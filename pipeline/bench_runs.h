// Passes through a network with random weights, again and again: what is timed.
#pragma once
#include "src/net/optimiser.h"
#include "src/net/unet.h"

namespace unet {

/// One inference of a square image with `input` pixels a side; the same values in every process.
class InferenceRun {
public:
    InferenceRun(const Architecture &architecture, int input);
    Pixels operator()() { return net_.segment(weights_, image_); }
    UNet &net() { return net_; }

private:
    Parameters parameters_;
    UNet net_;
    Pixels image_;
    PreparedWeights weights_;
};

/// One training step on a sample with `input` pixels a side; the same.
class TrainingRun {
public:
    TrainingRun(const Architecture &architecture, int input, UNet::Use use);
    void operator()();  ///< to its end, on a device too, where all but the sample stays
    UNet &net() { return net_; }
    const Parameters &gradient() const { return gradient_; }  ///< of the last step

private:
    Parameters parameters_, gradient_;
    Optimiser optimiser_;
    UNet net_;
    Pixels image_;
    Classes labels_;
    Pixels weights_;
};

}  // namespace unet
