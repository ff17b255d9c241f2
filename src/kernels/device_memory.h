// Memory of a device that takes the place of memory of the host.
#pragma once
#include <HalideRuntime.h>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace unet {

struct Device;
struct RunContext;

/// As much memory on the device of the chosen kernels as a block of host memory has, and in its place: a kernel that
/// gets a buffer inside the block works on the device's memory. Nothing is copied but by `upload` and `download`; the
/// host's memory, whose addresses are names only, is touched by nothing else, and a kernel that wanted it would fail.
/// Of several devices each has its own in the place of the same block: the device of current_queue is meant.
class DeviceMemory : public std::enable_shared_from_this<DeviceMemory> {
public:
    /// The one there is for the block, or a new one, whose content is undefined; null when the chosen kernels run on no
    /// device. Throws DeviceFull.
    static std::shared_ptr<const DeviceMemory> in_place_of(const void *host, size_t bytes);
    /// The same, but a new one begins with what the host has.
    static std::shared_ptr<const DeviceMemory> copy_of(const void *host, size_t bytes);
    ~DeviceMemory();
    DeviceMemory(const DeviceMemory &) = delete;

    /// Copies the block, or a part of it, to the device and back. Throw Error(internal).
    void upload() const { upload(host_, buffer_.size_in_bytes()); }
    void upload(const void *first, size_t bytes) const;
    void download() const;

    /// Whether the device lets a kernel have a part that begins there.
    bool may_begin_at(const void *first) const;
    /// What is there for the block that `host` lies in; null for none.
    static const DeviceMemory *holding(const void *host);
    /// A part of the device's memory, as Halide describes it, to be released with halide_device_release_crop. Returns 0
    /// or a Halide error code.
    int crop(void *context, const void *first, size_t bytes, halide_buffer_t &part, halide_dimension_t &shape) const;

private:
    DeviceMemory(const Device &device, const void *host, size_t bytes);
    template<class Copy>
    void copy(const void *first, size_t bytes, Copy copy) const;

    const Device &device_;
    char *host_;
    halide_dimension_t shape_;
    halide_buffer_t buffer_;
};

/// Copies between host and device since the program's start.
struct DeviceCopies {
    int64_t uploads = 0, downloads = 0;
    static DeviceCopies count();
};

/// Copies a buffer of a device back, when what was queued for it is done. Returns 0 or a Halide error code.
int download(RunContext &context, halide_buffer_t &buffer);

void count_device_copies(const DeviceCopies &more);

}  // namespace unet
