#include "tests/families.h"
#include "tests/temporary_folder.h"
#include <cstdlib>

namespace unet::test {

const Kernels *opencl_or_skip() {
    static const TemporaryFolder cache;
    static const int set = setenv("POCL_CACHE_DIR", (cache / "pocl").c_str(), 0);
    REQUIRE(set == 0);
    if (getenv("UNETFLOW_REQUIRE_OPENCL")) REQUIRE(opencl_kernels());
    if (!opencl_kernels()) WARN("no OpenCL device: its kernels are not tested");
    return opencl_kernels();
}

UseKernels::UseKernels(const Kernels &kernels) {
    if (kernels.on_device()) use_opencl();
    else use_kernels(kernels.name);
}

UseKernels::~UseKernels() { use_kernels(available_kernels().front().name); }

}  // namespace unet::test
