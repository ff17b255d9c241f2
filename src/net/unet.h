// The U-Net of Ronneberger et al. 2015: valid convolutions, free depth and width.
#pragma once
#include "src/base/array.h"
#include "src/net/architecture.h"
#include "src/net/parameters.h"
#include "src/tile/tile_plan.h"
#include <memory>

namespace unet {

/// Geometry of the network, walked through its layers. Throws Error(usage) for a depth or width out of range.
TileGeometry geometry(const Architecture &architecture);

/// Random numbers of dropout for one training sample.
struct Dropout {
    float rate = 0;  ///< share of the bottom's activations set to 0; 0 switches it off
    uint64_t seed = 0, sample = 0;
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
    Pixels segment(const Parameters &parameters, const Pixels &image);

    /// Weighted cross-entropy of one sample, divided by the sum of its weights, and its gradient (overwrites `gradient`).
    /// Pixels with class `ignored` count nothing. labels, weights [1, output, output].
    /// Returns the loss; NaN is passed on.
    double train(const Parameters &parameters, const Pixels &image, const Classes &labels, const Pixels &weights,
                 const Dropout &dropout, Parameters &gradient);

    size_t bytes() const;  ///< of activations and their gradients

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace unet
