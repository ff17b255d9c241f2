// A kernel that is compiled while the program runs.
#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct halide_buffer_t;

namespace unet {

struct RunContext;

/// A kernel from a generator, as the build makes it: the same compiler, target, threads and memory.
class JitKernel {
public:
    using Parameters = std::map<std::string, std::string>;

    /// Throws Error(data) with the compiler's words when the parameters do not fit the schedule.
    JitKernel(const std::string &generator, const std::string &halide_target, const Parameters &parameters);
    ~JitKernel();
    JitKernel(const JitKernel &) = delete;

    /// `arguments`: of a buffer its halide_buffer_t, of anything else where it is. `context`: as kernels get it.
    /// Returns 0 or a Halide error code.
    int operator()(const void *context, std::span<const void *const> arguments) const;

    const std::vector<bool> &outputs() const;  ///< which arguments are written

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// What compiled kernels for a device do with it goes through a runtime of their own, so a buffer that one of them was
/// given is not one of the program's device memory. These return 0 or a Halide error code, and do nothing with a buffer
/// that no device has.
int finish_device(RunContext &context, halide_buffer_t &buffer);  ///< waits until all that was started is done
int fetch(RunContext &context, halide_buffer_t &buffer);          ///< copies to the host what the device has written
int free_on_device(RunContext &context, halide_buffer_t &buffer);

}  // namespace unet
