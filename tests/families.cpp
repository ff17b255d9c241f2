#include "tests/families.h"
#include "generated/cuda_on_opencl.h"
#include "tests/temporary_folder.h"
#include <cstdlib>
#include <fstream>

#ifdef __SANITIZE_ADDRESS__
// PoCL and the compiler inside it keep what they allocate until the process ends.
extern "C" const char *__lsan_default_suppressions() { return "leak:libpocl\nleak:libLLVM\nleak:libclang\n"; }
#endif

namespace unet::test {

namespace {

// For this process and the programs that it starts: where PoCL keeps what it has compiled, and the leaks above.
bool set_environment() {
    static const TemporaryFolder folder;
    setenv("POCL_CACHE_DIR", (folder / "pocl").c_str(), 0);
#ifdef __SANITIZE_ADDRESS__
    std::ofstream(folder / "leaks") << __lsan_default_suppressions();
    setenv("LSAN_OPTIONS", ("print_suppressions=0:suppressions=" + (folder / "leaks").string()).c_str(), 0);
#endif
    return true;
}

}  // namespace

void keep_device_caches_apart() {
    static const bool set = set_environment();
    REQUIRE(set);
}

const Kernels *opencl_or_skip() {
    keep_device_caches_apart();
    if (getenv("UNETFLOW_REQUIRE_OPENCL")) REQUIRE(opencl_kernels());
    if (!opencl_kernels()) WARN("no OpenCL device: its kernels are not tested");
    return opencl_kernels();
}

const Kernels *cuda_on_opencl_or_skip() { return opencl_or_skip() ? &cuda_on_opencl_kernels : nullptr; }

UseKernels::UseKernels(const Kernels &kernels) {
    if (kernels == cuda_on_opencl_kernels) use_kernels(cuda_on_opencl_kernels);
    else if (kernels.on_device()) use_devices_of(kernels.has("cuda") ? "cuda" : "opencl");
    else use_kernels(kernels.name);
}

UseKernels::~UseKernels() { use_kernels(available_kernels().front().name); }

bool float16_or_skip() {
    const bool has_form = float16_form(available_kernels().front());
    if (!has_form) WARN("no processor with AVX2 and F16C: images in float16 are not tested");
    return has_form;
}

UseFloat16::~UseFloat16() { use_kernels(available_kernels().front().name); }

}  // namespace unet::test
