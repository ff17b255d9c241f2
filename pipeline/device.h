// Where networks compute.
#pragma once

namespace unet {

enum class Device { cpu, opencl, automatic };

/// Chooses the kernels for it, for the whole process, before any network is made. Automatic: a graphics processor with
/// OpenCL, and the CPU, with a line on stderr unless `quiet`, where there is none. Throws Error(usage) when `opencl`
/// has no device.
void use_device(Device device, bool quiet);

}  // namespace unet
