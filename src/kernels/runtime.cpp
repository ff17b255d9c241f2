// Halide's runtime hooks: parallel loops in TBB, temporaries from src/kernels/scratch.h, errors kept for the caller.
#include "src/kernels/device_memory.h"
#include "src/kernels/kernels.h"
#include "src/kernels/parallel_tasks.h"
#include "src/kernels/scratch.h"
#include <HalideRuntime.h>
#include <cstdlib>
#include <mutex>

namespace unet {

namespace {

int parallel_for(void *context, halide_task_t task, int min, int size, uint8_t *closure) {
    return parallel_tasks(min, size, [&](int i) { return halide_do_task(context, task, i, closure); });
}

// Must return: Halide then frees its temporaries and hands the code to the caller.
void keep_message(void *context, const char *message) {
    if (context) static_cast<RunContext *>(context)->keep(message);
}

#ifdef __SANITIZE_ADDRESS__
// The sanitizer watches the blocks of its own allocator only.
void *allocate(void *, size_t bytes) {
    void *block = nullptr;
    return posix_memalign(&block, 128, bytes) == 0 ? block : nullptr;
}
void release(void *, void *pointer) { free(pointer); }
#else
void *allocate(void *, size_t bytes) { return take_scratch(bytes); }
void release(void *, void *pointer) { release_scratch(pointer); }
#endif

}  // namespace

// Threads may report at once.
void RunContext::keep(const char *message) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    if (error.empty()) error = message;
}

void install_halide_hooks() {
    static const bool installed = [] {
        halide_set_custom_do_par_for(parallel_for);
        halide_set_error_handler(keep_message);
        halide_set_custom_malloc(allocate);
        halide_set_custom_free(release);
        return true;
    }();
    (void)installed;
}

namespace {

// In the words of OpenCL and CUDA. Some drivers take memory only when a kernel needs it.
bool says_full(const std::string &message) {
    for (const char *words : {"OBJECT_ALLOCATION_FAILURE", "OUT_OF_RESOURCES", "OUT_OF_MEMORY", "OUT_OF_HOST_MEMORY"})
        if (message.find(words) != std::string::npos) return true;
    return false;
}

}  // namespace

void check_kernel(int code, const RunContext &context) {
    if (code == 0) return;
    std::string message = context.error.empty() ? "no message" : context.error;
    while (!message.empty() && message.back() == '\n') message.pop_back();
    if (context.queue && says_full(message))
        throw DeviceFull(
            context.queue->device->info().name +
            ": has too little memory for this; take smaller tiles or fewer at a time, or compute on the CPU");
    throw Error(Exit::internal, "kernel failed (" + std::to_string(code) + "): " + message);
}

namespace detail {

BufferArgument::BufferArgument(RunContext &context, const halide_buffer_t *buffer)
    : context_(context), buffer_(*buffer) {
    buffer_.device = 0;
    buffer_.device_interface = nullptr;
    buffer_.flags = halide_buffer_flag_host_dirty;
    if (const DeviceMemory *memory = DeviceMemory::holding(buffer_.host)) take_part(*memory);
}

void BufferArgument::take_part(const DeviceMemory &memory) {
    check_kernel(memory.crop(&context_, buffer_.host, buffer_.size_in_bytes(), part_, part_shape_), context_);
    const halide_buffer_t *from = &part_;
    if (!memory.may_begin_at(buffer_.host)) {
        part_.set_device_dirty();
        copy_ = part_;
        copy_.device = 0, copy_.device_interface = nullptr;
        int code = halide_device_malloc(&context_, &copy_, part_.device_interface);
        if (code == 0) code = halide_buffer_copy(&context_, &part_, part_.device_interface, &copy_);
        check_kernel(code, context_);
        from = &copy_;
    }
    buffer_.device = from->device;
    buffer_.device_interface = from->device_interface;
    buffer_.host = nullptr;  // so that a loop on the host fails, instead of reading what is not there
    buffer_.flags = 0;
}

BufferArgument::~BufferArgument() {
    if (copy_.device) halide_device_free(&context_, &copy_);
    if (part_.device) halide_device_release_crop(&context_, &part_);
    else if (buffer_.device) halide_device_free(&context_, &buffer_);
}

int BufferArgument::fetch() {
    const bool written = buffer_.device_dirty();
    if (copy_.device) {
        copy_.set_device_dirty();
        return written ? halide_buffer_copy(&context_, &copy_, part_.device_interface, &part_) : 0;
    }
    if (part_.device || !buffer_.device) return 0;
    count_device_copies({!written, written});
    return written ? download(context_, buffer_) : 0;
}

}  // namespace detail

}  // namespace unet
