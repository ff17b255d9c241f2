// Memory of a training run, known before it is taken.
#pragma once
#include "pipeline/train_data.h"
#include "src/net/architecture.h"

namespace unet {

/// Bytes at the peak, by what they are for.
struct TrainMemory {
    uint64_t program = 0;     ///< the program itself, temporaries of kernels
    uint64_t parameters = 0;  ///< their transforms and gradients, what the optimiser remembers, the best weights so far
    uint64_t activations = 0;  ///< of a step, and their gradients
    uint64_t samples = 0;      ///< drawn ahead
    uint64_t device = 0;       ///< of a device's memory, about; what is computed there takes none of the above
    uint64_t validation = 0;   ///< networks that segment; a step's activations are given back for them

    uint64_t total() const { return program + parameters + samples + std::max(activations, validation); }
};

/// Of training on samples of `input` pixels, `samples_in_flight` of them drawn ahead; of each of `ranks`.
TrainMemory train_memory(const TrainOptions &options, const TrainData &data, const Architecture &architecture,
                         int input, int samples_in_flight, int ranks = 1);

}  // namespace unet
