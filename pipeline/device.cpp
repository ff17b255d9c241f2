#include "pipeline/device.h"
#include "src/kernels/kernels.h"
#include <cstdlib>
#include <fmt/format.h>

namespace unet {

void use_device(Device device, bool quiet) {
    if (device == Device::cpu) return;
    // OpenCL on the CPU, as PoCL has it, is slower than our own kernels. Whoever wants it all the same sets this.
    if (device == Device::automatic) setenv("HL_OCL_DEVICE_TYPE", "gpu", 0);
    if (device == Device::opencl || opencl_kernels()) use_opencl();
    else if (!quiet) fmt::print(stderr, "no graphics processor with OpenCL here: computes on the CPU\n");
}

}  // namespace unet
