// The weights of a network, ready for its kernels.
#pragma once
#include "src/kernels/device_memory.h"
#include "src/net/parameters.h"

namespace unet {

/// Parameters, and beside them the Winograd transforms of those 3x3 filters that kernels do not transform: made once
/// per model to segment, once per step to train. With kernels of a device all of it lies there. Refers to the
/// parameters, which must outlive it.
class PreparedWeights {
public:
    enum class Use { inference, training };  ///< training also needs the filters of the gradients to the inputs

    PreparedWeights(const Parameters &parameters, Use use = Use::training);

    /// Once more, after the parameters have changed.
    void update();

    const Parameters &parameters() const { return parameters_; }
    /// What the kernels of one input of a layer multiply by: [16, K, m + 2, m + 2, C / 16]; of a deep layer the filter
    /// as it is, which they transform.
    Filter transformed(const DenseLayout &layer, int input) const;
    /// [16, C, m + 2, m + 2, K / 16], m = gradient_tile, for the gradient to that input.
    Filter turned(const DenseLayout &layer, int input) const;
    /// The same for the gradients to all inputs, K all their channels; of a deep layer, which has one, as above.
    Filter turned(const DenseLayout &layer) const;

private:
    Filter turned_view(const DenseLayout &layer, int first_input, int channels) const;

    const Parameters &parameters_;
    FloatBuffer transformed_, turned_;
    std::vector<std::shared_ptr<const DeviceMemory>> on_device_;  // first the parameters; nothing without a device
};

}  // namespace unet
