#include "src/kernels/opencl_driver.h"
#include "src/kernels/driver_library.h"
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <HalideRuntimeOpenCL.h>
#include <algorithm>
#include <cstdlib>

// Of Halide's runtime, which opens the library; it is not in its header.
extern "C" void *halide_opencl_get_symbol(void *user_context, const char *name);

namespace unet {

namespace {

/// The functions of the library that are used here; all null without it.
struct OpenClLibrary {
    decltype(&clGetPlatformIDs) platforms;
    decltype(&clGetPlatformInfo) platform_info;
    decltype(&clGetDeviceIDs) devices;
    decltype(&clGetDeviceInfo) device_info;
    decltype(&clCreateContext) create_context;
    decltype(&clCreateCommandQueue) create_queue;
    decltype(&clReleaseCommandQueue) release_queue;

    OpenClLibrary() {
        const bool all = find(platforms, "clGetPlatformIDs") && find(platform_info, "clGetPlatformInfo") &&
                         find(devices, "clGetDeviceIDs") && find(device_info, "clGetDeviceInfo") &&
                         find(create_context, "clCreateContext") && find(create_queue, "clCreateCommandQueue") &&
                         find(release_queue, "clReleaseCommandQueue");
        if (!all) platforms = nullptr;
    }

private:
    static bool find(auto &function, const char *name) {
        return find_function(halide_opencl_get_symbol, function, name);
    }
};

std::string text_of(auto &&get) {
    size_t bytes = 0;
    if (get(0, nullptr, &bytes) != CL_SUCCESS || bytes == 0) return "";
    std::string text(bytes, '\0');
    if (get(bytes, text.data(), nullptr) != CL_SUCCESS) return "";
    return text.substr(0, text.find('\0'));
}

cl_device_type wanted_type() {
    const char *type = std::getenv("HL_OCL_DEVICE_TYPE");
    const std::string_view word = type ? type : "";
    if (word == "cpu") return CL_DEVICE_TYPE_CPU;
    if (word == "gpu") return CL_DEVICE_TYPE_GPU;
    return word == "acc" ? CL_DEVICE_TYPE_ACCELERATOR : CL_DEVICE_TYPE_ALL;
}

class OpenClDriver : public DeviceDriver {
public:
    OpenClDriver() {
        if (!library_.platforms) return;
        cl_uint count = 0;
        if (library_.platforms(0, nullptr, &count) != CL_SUCCESS) return;
        std::vector<cl_platform_id> platforms(count);
        if (count == 0 || library_.platforms(count, platforms.data(), nullptr) != CL_SUCCESS) return;
        for (const cl_platform_id platform : platforms)
            if (is_wanted(platform)) add_devices(platform);
    }

    std::string_view name() const override { return "opencl"; }
    std::string_view target_of(size_t) const override { return "opencl"; }
    std::string_view words() const override { return "OpenCL"; }
    const halide_device_interface_t *halide_interface() const override { return halide_opencl_device_interface(); }
    const std::vector<DeviceInfo> &devices() const override { return infos_; }

    void *open(size_t index) const override {
        cl_int failure = CL_SUCCESS;
        const cl_context context = library_.create_context(nullptr, 1, &ids_[index], nullptr, nullptr, &failure);
        return failure == CL_SUCCESS ? context : nullptr;
    }
    void *make_queue(void *context, size_t index) const override {
        cl_int failure = CL_SUCCESS;
        const cl_command_queue queue =
            library_.create_queue(static_cast<cl_context>(context), ids_[index], 0, &failure);
        return failure == CL_SUCCESS ? queue : nullptr;
    }
    void release_queue(void *queue) const override { library_.release_queue(static_cast<cl_command_queue>(queue)); }

private:
    std::string name_of(cl_platform_id platform) const {
        return text_of([&](auto... to) { return library_.platform_info(platform, CL_PLATFORM_NAME, to...); });
    }

    bool is_wanted(cl_platform_id platform) const {
        const char *name = std::getenv("HL_OCL_PLATFORM_NAME");
        return !name || name_of(platform).find(name) != std::string::npos;
    }

    void add_devices(cl_platform_id platform) {
        cl_uint count = 0;
        if (library_.devices(platform, wanted_type(), 0, nullptr, &count) != CL_SUCCESS || count == 0) return;
        std::vector<cl_device_id> ids(count);
        if (library_.devices(platform, wanted_type(), count, ids.data(), nullptr) != CL_SUCCESS) return;
        const std::string platform_name = name_of(platform);
        for (size_t i = 0; i < ids.size(); i++) {
            const cl_device_id id = ids[i];
            if (number<cl_device_fp_config>(id, CL_DEVICE_DOUBLE_FP_CONFIG) == 0)
                continue;  // filters are transformed in it
            ids_.push_back(id);
            infos_.push_back(
                {text_of([&](auto... to) { return library_.device_info(id, CL_DEVICE_NAME, to...); }),
                 number<cl_ulong>(id, CL_DEVICE_GLOBAL_MEM_SIZE), number<cl_ulong>(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                 std::max<size_t>(1, number<cl_uint>(id, CL_DEVICE_MEM_BASE_ADDR_ALIGN) / 8),  // in bits
                 (number<cl_device_type>(id, CL_DEVICE_TYPE) & CL_DEVICE_TYPE_GPU) != 0, platform_name, i});
        }
    }

    template<class T>
    T number(cl_device_id id, cl_device_info what) const {
        T value = 0;
        return library_.device_info(id, what, sizeof value, &value, nullptr) == CL_SUCCESS ? value : T(0);
    }

    OpenClLibrary library_;
    std::vector<cl_device_id> ids_;
    std::vector<DeviceInfo> infos_;
};

}  // namespace

const DeviceDriver &opencl_driver() {
    static const OpenClDriver driver;
    return driver;
}

}  // namespace unet

// In the place of the runtime's own functions, which know one context and one queue. OpenCL's functions may be called
// from several threads, so nobody waits here for anybody. At the end of the process the runtime asks for what it might
// release, of no call: that opens no library.
extern "C" int halide_acquire_cl_context(void *user_context, cl_context *context, cl_command_queue *queue,
                                         bool create) {
    const unet::DeviceQueue *wanted = user_context ? unet::queue_of_call(user_context, unet::opencl_driver()) : nullptr;
    (void)create;
    *context = wanted ? static_cast<cl_context>(wanted->device->context) : nullptr;
    *queue = wanted ? static_cast<cl_command_queue>(wanted->handle) : nullptr;
    return halide_error_code_success;
}

extern "C" int halide_release_cl_context(void *user_context) {
    (void)user_context;
    return halide_error_code_success;
}
