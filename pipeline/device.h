// Where networks compute.
#pragma once
#include "src/kernels/kernels.h"
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace unet {

/// What --device says.
struct DeviceChoice {
    enum class Kind { cpu, automatic, driver } kind = Kind::cpu;
    std::string driver;                ///< "opencl", "cuda"
    std::vector<size_t> indices = {};  ///< of the driver's devices

    bool operator==(const DeviceChoice &) const = default;
};

/// "cpu", "auto", "opencl", "opencl:1", "opencl:0,1", and the same with cuda. Throws Error(usage) with the words that
/// follow "--device TEXT: ".
DeviceChoice parse_device(const std::string &text);

/// Of a choice of several devices that of a rank, since a training step is made on one. Throws Error(usage) when there
/// are several and a single rank.
DeviceChoice device_of_rank(DeviceChoice choice, int rank, int ranks);

/// Chooses the kernels and devices, for the whole process, before any network is made. Automatic: a graphics
/// processor that has kernels of this precision, and the CPU, with a line on stderr unless `quiet`, where there is
/// none. float16 is for inference only. Throws Error(usage) when a device that was named is not there, or has no such
/// kernels.
void use_device(const DeviceChoice &choice, bool quiet, Precision precision = Precision::float32);

/// The same, then calls `prepare`, which takes what the work needs first. Automatic: where a device has too little
/// memory for it, it is called once more with the CPU chosen.
void prepare_on(const DeviceChoice &choice, bool quiet, const std::function<void()> &prepare,
                Precision precision = Precision::float32);

/// "cpu", or the names of the devices in use.
std::string devices_text();

}  // namespace unet
