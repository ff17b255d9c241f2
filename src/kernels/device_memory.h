// Memory of a device that takes the place of memory of the host.
#pragma once
#include <HalideRuntime.h>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace unet {

/// As much memory on the device of the chosen kernels as a block of host memory has, and in its place: a kernel that
/// gets a buffer inside the block works on the device's memory. Nothing is copied but by `upload` and `download`; the
/// host's memory, whose addresses are names only, is touched by nothing else, and a kernel that wanted it would fail.
/// Such buffers begin a multiple of `device_alignment` bytes behind the block's beginning.
class DeviceMemory : public std::enable_shared_from_this<DeviceMemory> {
public:
    /// The one there is for the block, or a new one, whose content is undefined; null when the chosen kernels run on no
    /// device. Throws Error(usage) when the device has too little memory.
    static std::shared_ptr<const DeviceMemory> in_place_of(const void *host, size_t bytes);
    ~DeviceMemory();
    DeviceMemory(const DeviceMemory &) = delete;

    /// Copies the block, or a part of it, to the device and back. Throw Error(internal).
    void upload() const { upload(host_, buffer_.size_in_bytes()); }
    void upload(const void *first, size_t bytes) const;
    void download() const;

    /// What is there for the block that `host` lies in; null for none.
    static const DeviceMemory *holding(const void *host);
    /// A part of the device's memory, as Halide describes it, to be released with halide_device_release_crop. Returns 0
    /// or a Halide error code.
    int crop(void *context, const void *first, size_t bytes, halide_buffer_t &part, halide_dimension_t &shape) const;

private:
    DeviceMemory(const void *host, size_t bytes);
    template<class Copy>
    void copy(const void *first, size_t bytes, Copy copy) const;

    char *host_;
    halide_dimension_t shape_;
    halide_buffer_t buffer_;
};

/// PoCL and the drivers of AMD and Intel let parts of a block begin at multiples of 128 bytes. NVIDIA's OpenCL asks for
/// 512.
constexpr size_t device_alignment = 128;

/// Copies between host and device since the program's start.
struct DeviceCopies {
    int64_t uploads = 0, downloads = 0;
    static DeviceCopies count();
};

void count_device_copies(const DeviceCopies &more);

}  // namespace unet
