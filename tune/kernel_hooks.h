// What stands in for a kernel in the table of kernels: one that notes its calls, one that calls another.
#pragma once
#include "tune/jit_kernel.h"
#include "tune/kernel_call.h"
#include <mutex>

namespace unet::detail {

/// Calls of all kernels, by their number in the list.
struct Recording {
    const Kernels &base;
    std::vector<std::vector<CountedCall>> calls;
    std::mutex mutex;

    void note(size_t kernel, KernelCall call);
};

inline Recording *recording = nullptr;  ///< the one under way

CallArgument noted(halide_buffer_t *buffer);
template<class T>
CallArgument noted(T value) {
    return value;
}

/// Notes the call, and makes it.
template<size_t kernel, auto member, class... Parameters>
int watched(const void *context, Parameters... arguments) {
    recording->note(kernel, {{noted(arguments)...}});
    return (recording->base.*member)(context, arguments...);
}

inline const void *pointer_to(halide_buffer_t *const &buffer) { return buffer; }
template<class T>
const void *pointer_to(const T &value) {
    return &value;
}

template<size_t kernel>
const JitKernel *replacement = nullptr;

/// Calls `replacement`.
template<size_t kernel, class... Parameters>
int exchanged(const void *context, Parameters... arguments) {
    const void *pointers[] = {pointer_to(arguments)...};
    return (*replacement<kernel>)(context, pointers);
}

}  // namespace unet::detail
