#include "src/net/memory.h"

namespace unet {

// A thread keeps the transforms of the Winograd tiles of a task of the widest layer, some in two sizes: up to 16 MB a
// thread at width 16, 53 at width 64 (resident memory, Zen 5; 36 kB for 48 were 1 % too little at width 64).
size_t temporary_bytes(const Architecture &architecture, int threads) {
    return size_t(threads) * (4000000 + (size_t(architecture.width) << architecture.depth) * 48000);
}

size_t inference_weight_bytes(const Architecture &architecture) {
    const ParameterLayout layout(architecture);
    return (layout.size + layout.transformed_size()) * sizeof(float);
}

size_t inference_bytes(const Architecture &architecture, Size largest) {
    return UNet::planned_bytes(architecture, largest, UNet::Use::inference) + inference_weight_bytes(architecture);
}

size_t training_bytes(const Architecture &architecture, Size input, UNet::Use use, OptimiserMethod method,
                      int gradients) {
    const ParameterLayout layout(architecture);
    const size_t remembered = method == OptimiserMethod::sgd ? 1 : 2;
    const size_t of_parameters = layout.size * (1 + size_t(gradients) + remembered);
    return UNet::planned_bytes(architecture, input, use) + of_parameters * sizeof(float);
}

}  // namespace unet
