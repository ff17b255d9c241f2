// Whether tests of the program can use a device.
#pragma once
#include "tests/families.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>
#include <cstdlib>

namespace unet::test {

/// Whether the program has an OpenCL device (tools/test.sh installs one and requires it). It is the program that is
/// asked: PoCL in this process would count as memory of those that it starts.
inline bool program_has_device() {
    keep_device_caches_apart();
    static const bool has = run({"bench", "--device", "opencl", "--width", "1", "--depth", "0", "--tile", "5",
                                 "--repeat", "1", "--skip-training", "--quiet"})
                                .exit_code == 0;
    if (std::getenv("UNETFLOW_REQUIRE_OPENCL")) REQUIRE(has);
    if (!has) WARN("no OpenCL device: the program is not tested on one");
    return has;
}

}  // namespace unet::test
