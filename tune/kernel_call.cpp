#include "tune/kernel_call.h"
#include "tune/kernel_hooks.h"
#include "tune/kernel_list.h"
#include <algorithm>

namespace unet {

namespace detail {

CallArgument noted(halide_buffer_t *buffer) {
    return BufferShape{buffer->type, {buffer->dim, buffer->dim + buffer->dimensions}};
}

void Recording::note(size_t kernel, KernelCall call) {
    const std::lock_guard lock(mutex);
    std::vector<CountedCall> &of_kernel = calls[kernel];
    const auto same = [&](const CountedCall &other) { return other.call == call; };
    const auto found = std::find_if(of_kernel.begin(), of_kernel.end(), same);
    if (found == of_kernel.end()) of_kernel.push_back({std::move(call)});
    else found->count++;
}

}  // namespace detail

int64_t BufferShape::elements() const {
    int64_t count = 1;
    for (const halide_dimension_t &dim : dims) count *= dim.extent;
    return count;
}

std::vector<std::vector<CountedCall>> record_calls(const Kernels &base, const std::function<void()> &work) {
    detail::Recording recording{base, std::vector<std::vector<CountedCall>>(kernel_list().size()), {}};
    Kernels watched = base;
    for (const KernelEntry &kernel : kernel_list()) kernel.watch(watched);
    detail::recording = &recording;
    use_kernels(watched);
    try {
        work();
    } catch (...) {
        use_kernels(base);
        throw;
    }
    use_kernels(base);
    return std::move(recording.calls);
}

}  // namespace unet
