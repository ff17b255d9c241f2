#include "src/kernels/devices.h"
#include "src/kernels/cuda_driver.h"
#include "src/kernels/kernels.h"
#include "src/kernels/opencl_driver.h"
#include <map>
#include <mutex>

namespace unet {

namespace {

thread_local const DeviceQueue *queue_of_thread = nullptr;
std::vector<const Device *> in_use;

/// Of a driver: its devices by index, and by how many of the same index there are before.
using Opened = std::map<std::pair<size_t, size_t>, std::unique_ptr<Device>>;

struct OpenedDevices {
    std::mutex mutex;
    std::map<const DeviceDriver *, Opened> of;
    std::map<const DeviceDriver *, const Device *> first;
};
// Never destroyed: at the end of the process a driver's library may be gone before.
OpenedDevices &opened_devices() {
    static OpenedDevices &opened = *new OpenedDevices;
    return opened;
}

std::string found_words(const DeviceDriver &driver) {
    std::string text;
    for (size_t i = 0; i < driver.devices().size(); i++)
        text += (i ? ", " : "") + std::to_string(i) + ": " + driver.devices()[i].name;
    return text;
}

std::unique_ptr<Device> open_device(const DeviceDriver &driver, size_t index) {
    const std::string word = std::string(driver.name()) + ":" + std::to_string(index);
    const std::vector<DeviceInfo> &there = driver.devices();
    if (index >= there.size())
        throw Error(Exit::usage,
                    "no " + std::string(driver.words()) + " device" +
                        (there.empty() ? " can be used here; install its driver, or compute on the CPU"
                                       : " " + std::to_string(index) + " here, but " + found_words(driver)));
    void *context = driver.open(index);
    void *queue = context ? driver.make_queue(context, index) : nullptr;
    if (!queue)
        throw Error(Exit::usage,
                    word + ": " + there[index].name + " cannot be used; mend its driver, or compute on the CPU");
    auto device = std::make_unique<Device>(driver, index, context);
    device->queue.device = device.get(), device->queue.handle = queue;
    return device;
}

}  // namespace

DeviceQueue::DeviceQueue(const Device &of) : device(&of), handle(of.driver.make_queue(of.context, of.index)) {
    if (!handle) throw DeviceFull(of.info().name + ": has no further queue; take fewer tiles in flight");
}

DeviceQueue::~DeviceQueue() {
    if (handle) device->driver.release_queue(handle);
}

void DeviceQueue::finish() const {
    const OnQueue own(this);
    RunContext context;
    check_kernel(halide_device_sync_global(&context, device->driver.halide_interface()), context);
}

const DeviceDriver *device_driver(std::string_view name) {
    if (name == "cuda") return &cuda_driver();
    return name == "opencl" ? &opencl_driver() : nullptr;
}

std::vector<const Device *> open_devices(const DeviceDriver &driver, const std::vector<size_t> &indices) {
    OpenedDevices &all = opened_devices();
    const std::lock_guard lock(all.mutex);
    Opened &opened = all.of[&driver];
    std::map<size_t, size_t> seen;
    std::vector<const Device *> devices;
    for (const size_t index : indices) {
        std::unique_ptr<Device> &device = opened[{index, seen[index]++}];
        if (!device) device = open_device(driver, index);
        all.first.emplace(&driver, device.get());
        devices.push_back(device.get());
    }
    return devices;
}

const DeviceQueue *queue_of_call(void *user_context, const DeviceDriver &driver) {
    const DeviceQueue *queue = static_cast<RunContext *>(user_context)->queue;
    if (queue && &queue->device->driver == &driver) return queue;
    OpenedDevices &all = opened_devices();
    const std::lock_guard lock(all.mutex);
    const auto found = all.first.find(&driver);
    return found == all.first.end() ? nullptr : &found->second->queue;
}

std::span<const Device *const> devices_in_use() { return in_use; }

void use_devices(std::vector<const Device *> devices) { in_use = std::move(devices); }

const DeviceQueue *current_queue() {
    if (queue_of_thread) return queue_of_thread;
    return in_use.empty() ? nullptr : &in_use.front()->queue;
}

OnQueue::OnQueue(const DeviceQueue *queue) : outer_(queue_of_thread) {
    if (queue) queue_of_thread = queue;
}

OnQueue::~OnQueue() { queue_of_thread = outer_; }

size_t block_alignment() { return kernels().on_device() ? 512 : 128; }

}  // namespace unet
