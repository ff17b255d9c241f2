#include "src/kernels/kernels.h"
#include "generated/kernel_table.h"
#include <algorithm>
#include <array>
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

}  // namespace

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
    static const Kernels *const opencl = []() -> const Kernels * {
        const Kernels *own = std::find_if(std::begin(kernel_table), std::end(kernel_table),
                                          [](const Kernels &kernels) { return kernels.name == "opencl"; });
        return own != std::end(kernel_table) && runs(*own) ? own : nullptr;
    }();
    return opencl;
}

void use_opencl() {
    if (!opencl_kernels())
        throw Error(Exit::usage, "no OpenCL device can be used here; install its driver, or compute on the CPU");
    chosen = opencl_kernels();
}

}  // namespace unet
