// The U-Net of Ronneberger et al. 2015: valid convolutions, free depth and width.
#pragma once
#include "src/base/array.h"
#include "src/net/architecture.h"
#include "src/net/dropout.h"
#include "src/net/geometry.h"
#include "src/net/loss.h"
#include "src/net/pass.h"
#include "src/net/prepared_weights.h"
#include <memory>

namespace unet {

/// Passes through the network: owns the memory of the activations, reuses it from call to call.
/// Not for several threads at once; inside, layers run in parallel in the current TBB arena.
class UNet {
public:
    /// Frugal training keeps fewer activations for the way back and computes the others again.
    enum class Use { inference, training, frugal_training };
    static Use training_use(bool frugal) { return frugal ? Use::frugal_training : Use::training; }

    /// `largest` is the largest input in pixels, for which memory is taken at once. Throws Error(usage) when no output
    /// size belongs to it. Large layers run in strips, of `strip_bytes` or more for the threads of the current arena;
    /// results do not depend on it.
    UNet(const Architecture &architecture, Size largest, Use use, size_t strip_bytes = usual_strip_bytes);
    ~UNet();

    /// Class probabilities [classes, W', H'] of `image` [channels, W, H]; W', H' as output_size says. Throws
    /// Error(usage) when no output size belongs to it.
    Pixels segment(const PreparedWeights &prepared, const Pixels &image);

    /// The class scores that `segment` takes the softmax of: [classes, W', H'].
    Pixels scores(const PreparedWeights &prepared, const Pixels &image);

    /// Loss of one sample, see loss_and_gradient, and its gradient (overwrites `gradient`). labels, weights [1, W',
    /// H']. Returns the loss; NaN is passed on. `layer_done` is called for each layer of gradient_order, in that order,
    /// as soon as `gradient` has its part, which stays as it is. On a device a gradient that is
    /// kept there stays there, and any other is brought to the host, all layers of it at once.
    double train(const Parameters &parameters, const Pixels &image, const Classes &labels, const Pixels &weights,
                 const Dropout &dropout, Parameters &gradient, const LossOptions &loss = {},
                 const std::function<void()> &layer_done = {});
    /// Names of the layers with weights, the last of the network first. Of a network in training.
    const std::vector<std::string> &gradient_order() const;

    /// Gives the memory of the activations back to the system until the next call needs it.
    void release();
    size_t bytes() const;  ///< of activations, their gradients and large temporaries of kernels
    /// What a network that is made with the same arguments will take, without taking it.
    static size_t planned_bytes(const Architecture &architecture, Size largest, Use use,
                                size_t strip_bytes = usual_strip_bytes);
    /// Of the definition, to segment an image of `size` pixels.
    static double inference_multiply_adds(const Architecture &architecture, Size size);
    /// On a device layers are queued, and a layer's time is that of queueing it unless each is waited for.
    void wait_for_layers(bool wait);
    const std::vector<LayerTime> &layer_times() const;  ///< of the last pass, in the order they ran

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace unet
