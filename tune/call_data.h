// Buffers to make a recorded call again.
#pragma once
#include "src/base/float_buffer.h"
#include "src/base/hash.h"
#include "tune/jit_kernel.h"
#include "tune/kernel_call.h"

namespace unet {

/// The arguments of one call: buffers of its shapes with random content, and its numbers. A kernel for a device copies
/// them there when it is run first; there they stay.
class CallData {
public:
    /// `outputs`: which arguments the kernel writes. Throws Error(internal) for buffers that hold no floats.
    CallData(const KernelCall &call, const std::vector<bool> &outputs);

    /// Throws Error(data) with Halide's message when the kernel refuses the call.
    void run(const JitKernel &kernel);
    /// Seconds of one run; the mean of several where one is too short for a clock, and on a device, which is waited for
    /// after the last of them only. Nothing is copied between.
    double time(const JitKernel &kernel);
    /// Sets all outputs to the same value, runs the kernel, and adds what it wrote to `hash`.
    void add_bytes(const JitKernel &kernel, Hash &hash);

private:
    struct Buffer {
        BufferShape shape;
        bool output;
        FloatBuffer memory;
        halide_buffer_t raw = {};
        Buffer(const BufferShape &shape, bool output);
        ~Buffer();
        Buffer(const Buffer &) = delete;
    };

    double time_here(const JitKernel &kernel);
    double time_on_device(const JitKernel &kernel);
    void finish();

    std::vector<CallArgument> scalars_;
    std::vector<std::unique_ptr<Buffer>> buffers_;
    std::vector<const void *> arguments_;
};

}  // namespace unet
