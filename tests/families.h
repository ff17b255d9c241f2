// What tests run on: every target of the CPU, OpenCL, and CUDA.
#pragma once
#include "src/kernels/kernels.h"
#include <catch2/catch.hpp>
#include <vector>

namespace unet::test {

/// For GENERATE: the CPU targets of this build that the machine can run.
inline auto each_target() {
    return Catch::Generators::from_range(available_kernels().begin(), available_kernels().end());
}

/// For this process and the programs that it starts: PoCL's cache goes to a temporary folder unless POCL_CACHE_DIR
/// names another.
void keep_device_caches_apart();

/// The kernels of OpenCL; null, with a message, where there is no device (tools/test.sh installs one and requires it).
const Kernels *opencl_or_skip();

/// The schedules of CUDA, compiled for OpenCL: what is staged, unrolled and guarded can be tested without a device of
/// CUDA. Null where OpenCL is.
const Kernels *cuda_on_opencl_or_skip();

/// For GENERATE: each_target, OpenCL, the schedules of CUDA on it, and CUDA where it has a device.
inline auto each_family() {
    std::vector<Kernels> families(available_kernels().begin(), available_kernels().end());
    if (const Kernels *opencl = opencl_or_skip()) families.push_back(*opencl);
    if (const Kernels *stand_in = cuda_on_opencl_or_skip()) families.push_back(*stand_in);
    if (const Kernels *cuda = cuda_kernels()) families.push_back(*cuda);
    return Catch::Generators::from_range(families);
}

/// Chooses these kernels while it lives, then the best of the CPU again.
struct UseKernels {
    explicit UseKernels(const Kernels &kernels);
    ~UseKernels();
    UseKernels(const UseKernels &) = delete;
};

/// Whether the best kernels of the CPU have a form that stores images as float16; a message where they have none.
bool float16_or_skip();

/// The same for that form of the kernels in use.
struct UseFloat16 {
    UseFloat16() { use_float16(); }
    ~UseFloat16();
    UseFloat16(const UseFloat16 &) = delete;
};

}  // namespace unet::test
