// unetflow bench
#pragma once
#include "src/net/architecture.h"
#include <string>

namespace unet {

struct BenchOptions {
    Architecture architecture;
    int tile = 572;  ///< network input in pixels
    int repeat = 5;
    bool training = true, memory_saver = false, quiet = false;
    std::string json;  ///< a file, "-" for stdout, empty for a table
};

/// Times one inference and one training step of a network with random weights, and the machine's own peak in the same
/// run. Throws Error(usage) for a tile that does not fit, io.
void run_bench(const BenchOptions &options);

}  // namespace unet
