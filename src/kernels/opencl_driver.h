// OpenCL as a driver of devices.
#pragma once
#include "src/kernels/devices.h"

namespace unet {

/// Devices of all platforms that compute in double precision, of the type HL_OCL_DEVICE_TYPE (cpu, gpu, acc) and the
/// platforms whose names contain HL_OCL_PLATFORM_NAME where these variables are set. Its library is opened when it is
/// first asked for something; without it there are no devices.
const DeviceDriver &opencl_driver();

}  // namespace unet
