#include "src/kernels/kernels.h"
#include "generated/kernel_table.h"
#include <HalideRuntimeCuda.h>
#include <HalideRuntimeOpenCL.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace unet {

namespace {

bool runs_here(const Kernels &kernels) {
    __builtin_cpu_init();
    if (kernels.name == "avx512")
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
    if (kernels.name == "avx2") return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return __builtin_cpu_supports("sse4.1");
}

std::vector<Kernels> find_available() {
    std::vector<Kernels> available;
    for (const Kernels &kernels : kernel_table)
        if (!kernels.on_device() && runs_here(kernels)) available.push_back(kernels);
    if (available.empty()) throw Error(Exit::internal, "this processor has no SSE4.1; unetflow needs it");
    return available;
}

const Kernels *chosen = nullptr;

// A driver that cannot compile a kernel, or a device without double precision, is as good as none.
bool runs(const Kernels &kernels) {
    Filter filter(channel_block, 3, 3, 1, 1), transformed(channel_block, 1, 6, 6, 1);
    filter.fill(1);
    try {
        run(kernels.winograd_filter4, filter, transformed);
        return true;
    } catch (const Error &) { return false; }
}

/// The kernels of this name, if the build has them and a device runs them.
const Kernels *running(std::string_view name) {
    const Kernels *own = std::find_if(std::begin(kernel_table), std::end(kernel_table),
                                      [&](const Kernels &kernels) { return kernels.name == name; });
    return own != std::end(kernel_table) && runs(*own) ? own : nullptr;
}

/// 10 * major + minor of the device's compute capability; 0 where there is no driver or no device.
int cuda_capability() {
    RunContext context;
    int major = 0, minor = 0;
    const int code = halide_cuda_device_interface()->compute_capability(&context, &major, &minor);
    return code == 0 ? 10 * major + minor : 0;
}

const Kernels *find_cuda() {
    install_halide_hooks();
    // Halide 21 lets a thread have 64 registers, with which the sums of the convolutions spill; they have up to 255.
    setenv("HL_CUDA_JIT_MAX_REGISTERS", "255", 0);
    const int capability = cuda_capability();
    return capability >= 80 ? running("cuda80") : capability >= 70 ? running("cuda70") : nullptr;
}

bool has(std::string_view target, std::string_view feature) { return target.find(feature) != std::string_view::npos; }

}  // namespace

const halide_device_interface_t *Kernels::device_interface() const {
    if (has(halide_target, "-cuda")) return halide_cuda_device_interface();
    return has(halide_target, "-opencl") ? halide_opencl_device_interface() : nullptr;
}

std::span<const Kernels> available_kernels() {
    static const std::vector<Kernels> available = find_available();
    return available;
}

std::span<const std::string_view> compiled_targets() {
    static const auto names = [] {
        std::array<std::string_view, std::size(kernel_table)> names;
        for (size_t i = 0; i < names.size(); i++) names[i] = kernel_table[i].name;
        return names;
    }();
    return names;
}

const Kernels &kernels() { return chosen ? *chosen : available_kernels().front(); }

void use_kernels(std::string_view name) {
    std::string names;
    for (const Kernels &kernels : available_kernels()) {
        if (kernels.name == name) {
            chosen = &kernels;
            return;
        }
        names.append(" ").append(kernels.name);
    }
    throw Error(Exit::usage, "target " + std::string(name) + " cannot run here; choose one of:" + names);
}

void use_kernels(const Kernels &own) { chosen = &own; }

const Kernels *opencl_kernels() {
    static const Kernels *const opencl = running("opencl");
    return opencl;
}

void use_opencl() {
    if (!opencl_kernels())
        throw Error(Exit::usage, "no OpenCL device can be used here; install its driver, or compute on the CPU");
    chosen = opencl_kernels();
}

const Kernels *cuda_kernels() {
    static const Kernels *const cuda = find_cuda();
    return cuda;
}

void use_cuda() {
    if (!cuda_kernels())
        throw Error(Exit::usage,
                    "no CUDA device of compute capability 7.0 or higher can be used here; install NVIDIA's driver, "
                    "or compute on the CPU");
    chosen = cuda_kernels();
}

}  // namespace unet
