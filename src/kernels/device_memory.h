// Memory of a device that takes the place of memory of the host.
#pragma once
#include <HalideRuntime.h>
#include <cstddef>
#include <cstdint>

namespace unet {

/// As much memory on the device of opencl_kernels() as a block of host memory has, and in its place: a kernel of the
/// device that gets a buffer inside the block works on the device's memory. Nothing is copied but by `upload` and
/// `download`; the host's memory, whose addresses are names only, is touched by nothing else, and a kernel that wanted
/// it would fail. Buffers begin `device_alignment` bytes or a multiple of it behind the block's beginning.
class DeviceMemory {
public:
    /// Throws Error(no_memory) when the device has too little.
    DeviceMemory(const void *host, size_t bytes);
    ~DeviceMemory();
    DeviceMemory(const DeviceMemory &) = delete;

    /// Copies a part of the block, or all of it, to the device and back. Throw Error(internal).
    void upload(const void *first, size_t bytes) const;
    void upload() const;
    void download(void *first, size_t bytes) const;
    void download() const;

    /// The block that `host` lies in; null for none.
    static const DeviceMemory *holding(const void *host);
    /// A part of the device's memory, as Halide describes it, to be released with halide_device_release_crop. Returns 0
    /// or a Halide error code.
    int crop(void *context, const void *first, size_t bytes, halide_buffer_t &part, halide_dimension_t &shape) const;

private:
    char *host_;
    halide_dimension_t shape_;
    halide_buffer_t buffer_;
};

/// What devices ask of the place of a part of their memory: of all common ones, NVIDIA's OpenCL asks for the most.
constexpr size_t device_alignment = 512;

/// Copies between host and device since the program's start.
struct DeviceCopies {
    int64_t uploads = 0, downloads = 0;
    static DeviceCopies count();
};

namespace detail {
void count_device_copies(const DeviceCopies &more);
}

}  // namespace unet
