#include "src/kernels/device_memory.h"
#include "src/kernels/kernels.h"
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace unet {

namespace {

/// All blocks, by their device and where they begin on the host.
struct Blocks {
    std::shared_mutex mutex;
    std::map<std::pair<const Device *, const char *>, DeviceMemory *> by_begin;
};
Blocks &blocks() {
    static Blocks blocks;
    return blocks;
}

std::atomic<int64_t> all_uploads{0}, all_downloads{0};

halide_buffer_t row_of_floats(const void *host, size_t bytes, halide_dimension_t &shape) {
    halide_buffer_t buffer{};
    shape = halide_dimension_t(0, int32_t(bytes / sizeof(float)), 1);
    buffer.host = static_cast<uint8_t *>(const_cast<void *>(host));
    buffer.type = halide_type_of<float>();
    buffer.dimensions = 1, buffer.dim = &shape;
    return buffer;
}

}  // namespace

DeviceMemory::DeviceMemory(const Device &device, const void *host, size_t bytes)
    : device_(device), host_(static_cast<char *>(const_cast<void *>(host))),
      buffer_(row_of_floats(host, bytes, shape_)) {
    RunContext context;
    const bool too_large = bytes / sizeof(float) > size_t(INT32_MAX);  // as Halide counts
    if (too_large || halide_device_malloc(&context, &buffer_, device.driver.halide_interface()) != 0)
        throw DeviceFull(device.info().name + ": has no room for " + std::to_string(bytes) +
                         " bytes in one block; take smaller tiles, or compute on the CPU");
}

std::shared_ptr<const DeviceMemory> DeviceMemory::in_place_of(const void *host, size_t bytes) {
    if (!kernels().on_device()) return nullptr;
    install_halide_hooks();
    const Device &device = *current_queue()->device;
    const std::lock_guard lock(blocks().mutex);
    const std::pair key(&device, static_cast<const char *>(host));
    const auto there = blocks().by_begin.find(key);
    if (there != blocks().by_begin.end())
        if (const auto shared = there->second->weak_from_this().lock()) return shared;
    const std::shared_ptr<DeviceMemory> made(new DeviceMemory(device, host, bytes));
    blocks().by_begin[key] = made.get();
    return made;
}

std::shared_ptr<const DeviceMemory> DeviceMemory::copy_of(const void *host, size_t bytes) {
    const bool there = holding(host);
    auto memory = in_place_of(host, bytes);
    if (memory && !there) memory->upload();
    return memory;
}

DeviceMemory::~DeviceMemory() {
    {
        const std::lock_guard lock(blocks().mutex);
        const auto there = blocks().by_begin.find({&device_, host_});
        if (there != blocks().by_begin.end() && there->second == this) blocks().by_begin.erase(there);
    }
    RunContext context;
    context.queue = &device_.queue;
    halide_device_free(&context, &buffer_);
}

const DeviceMemory *DeviceMemory::holding(const void *host) {
    const DeviceQueue *queue = current_queue();
    if (!queue) return nullptr;
    const auto *wanted = static_cast<const char *>(host);
    const std::shared_lock lock(blocks().mutex);
    auto next = blocks().by_begin.upper_bound({queue->device, wanted});
    if (next == blocks().by_begin.begin()) return nullptr;
    const auto &[key, block] = *std::prev(next);
    return key.first == queue->device && wanted < block->host_ + block->buffer_.size_in_bytes() ? block : nullptr;
}

int DeviceMemory::crop(void *context, const void *first, size_t bytes, halide_buffer_t &part,
                       halide_dimension_t &shape) const {
    part = row_of_floats(first, bytes, shape);
    shape.min = int32_t((static_cast<const char *>(first) - host_) / ptrdiff_t(sizeof(float)));
    return halide_device_crop(context, &buffer_, &part);
}

template<class Copy>
void DeviceMemory::copy(const void *first, size_t bytes, Copy copy) const {
    RunContext context;
    halide_buffer_t part;
    halide_dimension_t shape;
    check_kernel(crop(&context, first, bytes, part, shape), context);
    const int code = copy(context, part);
    halide_device_release_crop(&context, &part);
    check_kernel(code, context);
}

void DeviceMemory::upload(const void *first, size_t bytes) const {
    copy(first, bytes, [](RunContext &context, halide_buffer_t &part) {
        count_device_copies({.uploads = 1});
        part.set_host_dirty();
        return halide_copy_to_device(&context, &part, nullptr);
    });
}

void DeviceMemory::download() const {
    copy(host_, buffer_.size_in_bytes(), [](RunContext &context, halide_buffer_t &part) {
        count_device_copies({.downloads = 1});
        part.set_device_dirty();
        return unet::download(context, part);
    });
}

bool DeviceMemory::may_begin_at(const void *first) const {
    return size_t(static_cast<const char *>(first) - host_) % device_.info().alignment == 0;
}

// Halide makes one copy at a time, for all devices; waiting inside it would keep the others' copies from overlapping
// with what is computed here.
int download(RunContext &context, halide_buffer_t &buffer) {
    const int code = halide_device_sync(&context, &buffer);
    return code ? code : halide_copy_to_host(&context, &buffer);
}

DeviceCopies DeviceCopies::count() { return {all_uploads, all_downloads}; }

void count_device_copies(const DeviceCopies &more) { all_uploads += more.uploads, all_downloads += more.downloads; }

}  // namespace unet
