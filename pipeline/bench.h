// unetflow bench
#pragma once
#include "pipeline/device.h"
#include "src/net/architecture.h"
#include <string>

namespace unet {

struct BenchOptions {
    Architecture architecture;
    DeviceChoice device;
    Precision precision = Precision::float32;  ///< of inference
    int tile = 572;  ///< network input in pixels
    int repeat = 5;
    bool training = true, memory_saver = false, quiet = false;
    std::string json;  ///< a file, "-" for stdout, empty for a table
};

/// Times one inference and one training step of a network with random weights, and the machine's own peak in the same
/// run. On a device passes are timed to their end, and layers in passes of their own, each layer to its end; the
/// machine's peak says nothing then and is left out. Throws Error(usage) for a tile that does not fit, a device that is
/// not there, training in float16, io.
void run_bench(const BenchOptions &options);

}  // namespace unet
