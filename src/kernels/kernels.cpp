#include "src/kernels/kernels.h"
#include "generated/kernel_table.h"
#include "src/kernels/cuda_driver.h"
#include "src/kernels/opencl_driver.h"
#include <algorithm>
#include <array>
#include <vector>

namespace unet {

namespace {

bool runs_here(const Kernels &kernels) {
    __builtin_cpu_init();
    if (kernels.name == "avx512")
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
    if (kernels.name == "avx2") return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (kernels.name == "avx2_float16")
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
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

// Null when they are not in this build.
const Kernels *kernels_of(std::string_view target) {
    const Kernels *found = std::find_if(std::begin(kernel_table), std::end(kernel_table),
                                        [&](const Kernels &kernels) { return kernels.name == target; });
    return found != std::end(kernel_table) ? found : nullptr;
}

// A driver that cannot compile a kernel is as good as none. Throws Error(usage).
void check_runs(const Device &device) {
    const Kernels *kernels = kernels_of(device.driver.target_of(device.index));
    if (!kernels)
        throw Error(Exit::usage, device.info().name + ": this unetflow has no kernels for it; compute on the CPU");
    const OnQueue own(&device.queue);
    Filter filter(channel_block, 3, 3, 1, 1), transformed(channel_block, 1, 6, 6, 1);
    filter.fill(1);
    try {
        run(kernels->winograd_filter4, filter, transformed);
    } catch (const DeviceFull &) {
        throw;
    } catch (const Error &error) {
        const std::string text = error.what();
        throw Error(Exit::usage, device.info().name + ": runs no kernels, " + text.substr(0, text.find('\n')) +
                                     "; mend its driver, or compute on the CPU");
    }
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

const Kernels &host_kernels() { return kernels().on_device() ? available_kernels().front() : kernels(); }

void use_kernels(std::string_view name) {
    std::string names;
    for (const Kernels &kernels : available_kernels()) {
        if (kernels.name == name) {
            chosen = &kernels;
            use_devices({});
            return;
        }
        names.append(" ").append(kernels.name);
    }
    throw Error(Exit::usage, "target " + std::string(name) + " cannot run here; choose one of:" + names);
}

void use_kernels(const Kernels &own) {
    chosen = &own;
    for (const std::string_view name : device_driver_names) {
        if (!own.has(name) || device_driver(name)->devices().empty()) continue;
        const auto in_use = devices_in_use();
        if (in_use.empty() || in_use.front()->driver.name() != name)
            use_devices(open_devices(*device_driver(name), {0}));
        return;
    }
    use_devices({});
}

const Kernels *float16_form(const Kernels &kernels) {
    if (kernels.precision == Precision::float16) return &kernels;
    for (const Kernels &stored : float16_kernel_table)
        if (stored.arithmetic() == kernels.arithmetic() && (stored.on_device() || runs_here(stored))) return &stored;
    return nullptr;
}

void use_float16() {
    const Kernels *found = float16_form(kernels());
    if (!found)
        throw Error(Exit::usage, "--precision float16: the " + std::string(kernels().name) +
                                     " kernels have no such form; take float32, a CPU with AVX2, or CUDA");
    chosen = found;
}

void use_devices_of(std::string_view name, const std::vector<size_t> &indices) {
    const DeviceDriver *driver = device_driver(name);
    if (!driver)
        throw Error(Exit::usage, "this unetflow has no kernels for " + std::string(name) + "; compute on the CPU");
    install_halide_hooks();
    std::vector<const Device *> devices = open_devices(*driver, indices);
    const std::string_view target = driver->target_of(devices.front()->index);
    for (const Device *device : devices) {
        if (driver->target_of(device->index) != target)
            throw Error(Exit::usage, device->info().name + ": needs other kernels than " +
                                         devices.front()->info().name + "; name devices of one kind");
        check_runs(*device);
    }
    chosen = kernels_of(target);
    use_devices(std::move(devices));
}

bool runs_on_device(const DeviceDriver &driver, size_t index, Precision precision) {
    install_halide_hooks();
    try {
        check_runs(*open_devices(driver, {index}).front());
        return precision == Precision::float32 || float16_form(*kernels_of(driver.target_of(index)));
    } catch (const Error &) {
        return false;
    }
}

const Kernels *opencl_kernels() {
    static const Kernels *const opencl = runs_on_device(opencl_driver(), 0) ? kernels_of("opencl") : nullptr;
    return opencl;
}

const Kernels *cuda_kernels() {
    static const Kernels *const cuda =
        runs_on_device(cuda_driver(), 0) ? kernels_of(cuda_driver().target_of(0)) : nullptr;
    return cuda;
}

}  // namespace unet
