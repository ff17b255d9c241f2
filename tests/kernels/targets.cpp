#include "tests/kernels/targets.h"
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

}  // namespace unet::test
