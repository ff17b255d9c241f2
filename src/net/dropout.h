// Dropout as a layer, in place; its own adjoint (generators/dropout.h).
#pragma once
#include "src/net/tensor.h"
#include <cstdint>

namespace unet {

/// Random numbers of dropout for one training sample.
struct Dropout {
    float rate = 0;  ///< share of the activations set to 0; 0 switches it off
    uint64_t seed = 0, sample = 0;

    /// The same call serves activations and, on the way back, their gradient.
    void apply(Tensor &tensor) const;
};

}  // namespace unet
