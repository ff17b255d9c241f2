// Devices that kernels run on, and the queues through which these get their work.
#pragma once
#include "src/base/error.h"
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct halide_device_interface_t;

namespace unet {

/// A device has too little memory: Error(usage).
struct DeviceFull : Error {
    explicit DeviceFull(const std::string &line) : Error(Exit::usage, line) {}
};

/// A device as its driver describes it.
struct DeviceInfo {
    std::string name;
    uint64_t memory = 0;         ///< bytes
    uint64_t largest_block = 0;  ///< bytes of one block of it, at most
    size_t alignment = 1;        ///< bytes, of which parts of a block begin at multiples
    bool is_graphics_processor = false;
    std::string platform = {};  ///< of OpenCL
    size_t number = 0;          ///< among all that the platform, or CUDA, has
};

struct Device;

/// Work for one device, done in its order; that of several queues is done side by side. Handles are the driver's.
struct DeviceQueue {
    const Device *device = nullptr;
    void *handle = nullptr;
    DeviceQueue() = default;
    explicit DeviceQueue(const Device &device);  ///< throws DeviceFull
    ~DeviceQueue();
    DeviceQueue(const DeviceQueue &) = delete;

    void finish() const;  ///< waits until all of it is done; throws Error(internal)
};

/// The way in to all devices of one kind. One object for each kind, found by `device_driver` through its name.
class DeviceDriver {
public:
    virtual ~DeviceDriver() = default;
    virtual std::string_view name() const = 0;   ///< "opencl", "cuda"; what the Halide targets of its kernels have, too
    virtual std::string_view words() const = 0;  ///< "OpenCL", "CUDA"
    /// Of the kernel table, that a device is used with.
    virtual std::string_view target_of(size_t index) const = 0;
    virtual const halide_device_interface_t *halide_interface() const = 0;
    /// Those that are there, in an order that does not change; none without a driver.
    virtual const std::vector<DeviceInfo> &devices() const = 0;
    /// A context on a device, null when it is not to be had. Two on one device are as two devices.
    virtual void *open(size_t index) const = 0;
    /// Null when it is not to be had.
    virtual void *make_queue(void *context, size_t index) const = 0;
    virtual void release_queue(void *queue) const = 0;
};

/// A device in use, to the end of the process.
struct Device {
    const DeviceDriver &driver;
    size_t index;  ///< among the driver's devices
    void *context;
    DeviceQueue queue;  ///< of whoever brings none

    const DeviceInfo &info() const { return driver.devices()[index]; }
};

/// The names of all kinds there are in this build, the best first.
constexpr std::string_view device_driver_names[] = {"cuda", "opencl"};

/// Null when there is none of this name. Opens the library of this one alone, when it is asked for first.
const DeviceDriver *device_driver(std::string_view name);

/// Devices of a driver by their indices, opened when they are asked for first; an index that comes twice is opened
/// twice. Throws Error(usage) for one that is not there, or cannot be opened.
std::vector<const Device *> open_devices(const DeviceDriver &driver, const std::vector<size_t> &indices);

/// The queue that a call of Halide's runtime is meant for, by its RunContext. Of another driver, or of none: that of
/// the device of `driver` that was opened first, so that kernels can be called that are not in use; null when none was.
const DeviceQueue *queue_of_call(void *user_context, const DeviceDriver &driver);

/// Devices that the chosen kernels run on, each with the same part in what is to do. Empty for kernels of a CPU.
std::span<const Device *const> devices_in_use();
void use_devices(std::vector<const Device *> devices);

/// The queue of this thread, or that of the first device in use; null when there is none.
const DeviceQueue *current_queue();

/// While it lives, what this thread wants of a device goes through `queue`. Null: nothing changes.
class OnQueue {
public:
    explicit OnQueue(const DeviceQueue *queue);
    ~OnQueue();
    OnQueue(const OnQueue &) = delete;

private:
    const DeviceQueue *outer_;
};

/// Bytes of which whatever a kernel is to be given begins at a multiple, in a block of memory: 512 on devices, which
/// NVIDIA's OpenCL asks for, where PoCL and the drivers of AMD and Intel are content with 128.
size_t block_alignment();

}  // namespace unet
