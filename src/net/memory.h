// Memory that a network will take, known before it is taken.
#pragma once
#include "src/net/optimiser.h"
#include "src/net/unet.h"

namespace unet {

/// Bytes of small temporaries that kernels keep on `threads` threads beside the memory that is planned for them.
size_t temporary_bytes(const Architecture &architecture, int threads);

/// Bytes of the parameters and their transforms, which all networks that segment share.
size_t inference_weight_bytes(const Architecture &architecture);

/// Bytes to segment images of up to `largest` pixels, one at a time: parameters, their transforms, and the activations.
size_t inference_bytes(const Architecture &architecture, Size largest);

/// Bytes on a device of its kernels' temporaries, for images of up to `largest` pixels.
size_t device_temporary_bytes(const Architecture &architecture, Size largest);

/// Bytes on a device of a network that segments images of up to `largest` pixels: activations, temporaries of its
/// kernels.
size_t device_network_bytes(const Architecture &architecture, Size largest);

/// Bytes to train on samples of `input` pixels: parameters, `gradients` of them, what `method`
/// remembers, and the activations, their gradients and the transforms of a few filters at a time. `use`: training or
/// frugal_training.
size_t training_bytes(const Architecture &architecture, Size input, UNet::Use use, OptimiserMethod method,
                      int gradients);

}  // namespace unet
