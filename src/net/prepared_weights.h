// The weights of a network, ready for its kernels.
#pragma once
#include "src/kernels/device_memory.h"
#include "src/net/parameters.h"
#include <vector>

namespace unet {

/// Parameters, and beside them the Winograd transforms of those 3x3 filters that kernels do not transform. Refers to
/// the parameters, which must outlive it. With kernels of devices all of it lies on each: parameters that are kept
/// there as they are, others are copied, and what the host writes to them later does not come there.
class PreparedWeights {
public:
    /// inference: all transforms of the way there, made once. training: none; a pass makes those of each layer before
    /// its turn, into memory that layers share, where they are still in the cache when the layer reads them.
    enum class Use { inference, training };

    PreparedWeights(const Parameters &parameters, Use use = Use::inference);

    const Parameters &parameters() const { return parameters_; }
    /// What the kernels of one input of a layer multiply by: [16, K, m + 2, m + 2, C / 16]; of a deep layer the filter
    /// as it is, which they transform.
    Filter transformed(const DenseLayout &layer, int input) const;
    /// [16, C, m + 2, m + 2, K / 16], m = gradient_tile, for the gradient to that input.
    Filter turned(const DenseLayout &layer, int input) const;
    /// The same for the gradients to all inputs, K all their channels; of a deep layer, which has one, as above.
    Filter turned(const DenseLayout &layer) const;

    /// Makes what `transformed` gives, in `memory` of layer.transformed_size() floats.
    void transform(const DenseLayout &layer, float *memory);
    /// Makes what `turned` gives, in `memory` of layer.turned_size() floats.
    void turn(const DenseLayout &layer, float *memory);

private:
    void place();  // on the device of the current queue, if there is one
    void transform_all();
    void prepare_devices();
    Filter turned_view(const DenseLayout &layer, int first_input, int channels) const;

    const Parameters &parameters_;
    FloatBuffer all_;
    std::vector<std::shared_ptr<const DeviceMemory>> on_device_;  // of the parameters and all_; empty without a device
    std::vector<float *> transformed_, turned_;                   // by layer
};

}  // namespace unet
