#include "src/kernels/cuda_driver.h"
#include "src/kernels/driver_library.h"
#include <HalideRuntimeCuda.h>
#include <cstdlib>

// Of Halide's runtime, which opens the library; it is not in its header.
extern "C" void *halide_cuda_get_symbol(void *user_context, const char *name);

namespace unet {

namespace {

/// The functions of CUDA's driver API that are used here, as NVIDIA's documentation has them: its header is in no free
/// package. Each returns 0 for success. All null without the library.
struct CudaLibrary {
    int (*init)(unsigned flags);
    int (*count)(int *devices);
    int (*device)(int *device, int ordinal);
    int (*name)(char *text, int length, int device);
    int (*memory)(size_t *bytes, int device);
    int (*attribute)(int *value, int attribute, int device);
    int (*create_context)(void **context, unsigned flags, int device);
    int (*push_context)(void *context);
    int (*pop_context)(void **context);
    int (*create_stream)(void **stream, unsigned flags);
    int (*destroy_stream)(void *stream);

    CudaLibrary() {
        const bool all = find(init, "cuInit") && find(count, "cuDeviceGetCount") && find(device, "cuDeviceGet") &&
                         find(name, "cuDeviceGetName") && find(memory, "cuDeviceTotalMem_v2") &&
                         find(attribute, "cuDeviceGetAttribute") && find(create_context, "cuCtxCreate_v2") &&
                         find(push_context, "cuCtxPushCurrent_v2") && find(pop_context, "cuCtxPopCurrent_v2") &&
                         find(create_stream, "cuStreamCreate") && find(destroy_stream, "cuStreamDestroy_v2");
        if (!all) init = nullptr;
    }

private:
    static bool find(auto &function, const char *symbol) {
        return find_function(halide_cuda_get_symbol, function, symbol);
    }
};

constexpr int capability_major = 75, capability_minor = 76;  // of CUdevice_attribute
constexpr unsigned waits_for_no_other_stream = 1;            // CU_STREAM_NON_BLOCKING
constexpr size_t vector_bytes = 16;                          // what kernels read and write at once

int acquire(void *user_context, void **context, bool create);
int release(void *user_context);
int get_stream(void *user_context, void *context, void **stream);

class CudaDriver : public DeviceDriver {
public:
    CudaDriver() {
        int count = 0;
        if (!library_.init || library_.init(0) != 0 || library_.count(&count) != 0) return;
        for (int ordinal = 0; ordinal < count; ordinal++) add(ordinal);
        halide_set_cuda_acquire_context(acquire);
        halide_set_cuda_release_context(release);
        halide_set_cuda_get_stream(get_stream);
    }

    std::string_view name() const override { return "cuda"; }
    std::string_view words() const override { return "CUDA"; }
    std::string_view target_of(size_t index) const override { return capabilities_[index] >= 80 ? "cuda80" : "cuda70"; }
    const halide_device_interface_t *halide_interface() const override { return halide_cuda_device_interface(); }
    const std::vector<DeviceInfo> &devices() const override { return infos_; }

    void *open(size_t index) const override {
        void *context = nullptr;
        if (library_.create_context(&context, 0, devices_[index]) != 0) return nullptr;
        void *own = nullptr;
        library_.pop_context(&own);  // it was made this thread's; Halide makes it that of whoever calls
        return context;
    }
    void *make_queue(void *context, size_t) const override {
        void *stream = nullptr, *own = nullptr;
        if (library_.push_context(context) != 0) return nullptr;
        const int failure = library_.create_stream(&stream, waits_for_no_other_stream);
        library_.pop_context(&own);
        return failure ? nullptr : stream;
    }
    void release_queue(void *queue) const override { library_.destroy_stream(queue); }

private:
    void add(int ordinal) {
        int device = 0, major = 0, minor = 0;
        char name[256] = "";
        size_t memory = 0;
        if (library_.device(&device, ordinal) != 0 || library_.attribute(&major, capability_major, device) != 0 ||
            library_.attribute(&minor, capability_minor, device) != 0 || major < 7 ||
            library_.name(name, int(sizeof name), device) != 0 || library_.memory(&memory, device) != 0)
            return;
        devices_.push_back(device);
        capabilities_.push_back(10 * major + minor);
        infos_.push_back({name, memory, memory, vector_bytes, true, {}, size_t(ordinal)});
    }

    CudaLibrary library_;
    std::vector<int> devices_, capabilities_;
    std::vector<DeviceInfo> infos_;
};

// In the place of the runtime's own functions, which know one context and one stream.
int acquire(void *user_context, void **context, bool create) {
    const DeviceQueue *queue = user_context ? queue_of_call(user_context, cuda_driver()) : nullptr;
    *context = queue ? queue->device->context : nullptr;
    return queue || !create ? halide_error_code_success : halide_error_code_no_device_interface;
}

int release(void *) { return halide_error_code_success; }

int get_stream(void *user_context, void *, void **stream) {
    const DeviceQueue *queue = user_context ? queue_of_call(user_context, cuda_driver()) : nullptr;
    *stream = queue ? queue->handle : nullptr;
    return halide_error_code_success;
}

}  // namespace

const DeviceDriver &cuda_driver() {
    static const CudaDriver driver = [] {
        // Halide 21 lets a thread have 64 registers, with which the sums of the convolutions spill; they have up to
        // 255.
        setenv("HL_CUDA_JIT_MAX_REGISTERS", "255", 0);
        return CudaDriver();
    }();
    return driver;
}

}  // namespace unet
