// CUDA as a driver of devices.
#pragma once
#include "src/kernels/devices.h"

namespace unet {

/// Devices of compute capability 7.0 and higher. NVIDIA's library is opened when it is first asked for something;
/// without it there are no devices.
const DeviceDriver &cuda_driver();

}  // namespace unet
