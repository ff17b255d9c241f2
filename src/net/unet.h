// The U-Net of Ronneberger et al. 2015: valid convolutions, free depth and width.
#pragma once
#include "src/base/array.h"
#include "src/net/architecture.h"
#include "src/net/dropout.h"
#include "src/net/geometry.h"
#include "src/net/prepared_weights.h"
#include <memory>

namespace unet {

/// Time one layer took in the last pass.
struct LayerTime {
    std::string name;  ///< "encoder.0.conv1"; with " backward" behind it on the way back
    double seconds = 0;
    double multiply_adds = 0;  ///< of the definition, channels as asked for; 0 where there are none
};

/// One pass through the network at one input size: owns the activations, reuses them from call to call.
/// Not for several threads at once; inside, layers run in parallel in the current TBB arena.
class UNet {
public:
    enum class Use { inference, training };

    /// `input` is the side of the square input in pixels. Throws Error(usage) when no output size belongs to it.
    UNet(const Architecture &architecture, int input, Use use);
    ~UNet();

    int input_size() const;
    int output_size() const;

    /// Class probabilities [classes, output, output] of `image` [channels, input, input].
    Pixels segment(const PreparedWeights &prepared, const Pixels &image);

    /// Class scores before the softmax, of the last pass: [classes, output, output].
    Pixels scores() const;

    /// Weighted cross-entropy of one sample, divided by the sum of its weights, and its gradient (overwrites
    /// `gradient`). Pixels with class `ignored` count nothing; a sample without any pixel that counts has loss and
    /// gradient 0. labels, weights [1, output, output]. Returns the loss; NaN is passed on.
    double train(const PreparedWeights &prepared, const Pixels &image, const Classes &labels, const Pixels &weights,
                 const Dropout &dropout, Parameters &gradient);

    size_t bytes() const;                               ///< of activations and their gradients
    const std::vector<LayerTime> &layer_times() const;  ///< of the last pass, in the order they ran

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace unet
