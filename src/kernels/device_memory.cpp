#include "src/kernels/device_memory.h"
#include "src/kernels/kernels.h"
#include <HalideRuntime.h>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace unet {

namespace {

/// All blocks, by where they begin on the host.
struct Blocks {
    std::shared_mutex mutex;
    std::map<const char *, DeviceMemory *> by_begin;
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

DeviceMemory::DeviceMemory(const void *host, size_t bytes)
    : host_(static_cast<char *>(const_cast<void *>(host))), buffer_(row_of_floats(host, bytes, shape_)) {
    RunContext context;
    const bool too_large = bytes / sizeof(float) > size_t(INT32_MAX);  // as Halide counts
    if (too_large || halide_device_malloc(&context, &buffer_, kernels().device_interface()) != 0)
        throw Error(Exit::usage,
                    "device memory: " + std::to_string(bytes) +
                        " bytes in one block are not to be had; take smaller tiles, or compute on the CPU");
}

std::shared_ptr<const DeviceMemory> DeviceMemory::in_place_of(const void *host, size_t bytes) {
    if (!kernels().on_device()) return nullptr;
    install_halide_hooks();
    const std::lock_guard lock(blocks().mutex);
    const auto *begin = static_cast<const char *>(host);
    const auto there = blocks().by_begin.find(begin);
    if (there != blocks().by_begin.end())
        if (const auto shared = there->second->weak_from_this().lock()) return shared;
    const std::shared_ptr<DeviceMemory> made(new DeviceMemory(host, bytes));
    blocks().by_begin[begin] = made.get();
    return made;
}

DeviceMemory::~DeviceMemory() {
    {
        const std::lock_guard lock(blocks().mutex);
        const auto there = blocks().by_begin.find(host_);
        if (there != blocks().by_begin.end() && there->second == this) blocks().by_begin.erase(there);
    }
    RunContext context;
    halide_device_free(&context, &buffer_);
}

const DeviceMemory *DeviceMemory::holding(const void *host) {
    const auto *wanted = static_cast<const char *>(host);
    const std::shared_lock lock(blocks().mutex);
    auto next = blocks().by_begin.upper_bound(wanted);
    if (next == blocks().by_begin.begin()) return nullptr;
    const DeviceMemory *block = std::prev(next)->second;
    return wanted < block->host_ + block->buffer_.size_in_bytes() ? block : nullptr;
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
        return halide_copy_to_host(&context, &part);
    });
}

DeviceCopies DeviceCopies::count() { return {all_uploads, all_downloads}; }

void count_device_copies(const DeviceCopies &more) { all_uploads += more.uploads, all_downloads += more.downloads; }

}  // namespace unet
