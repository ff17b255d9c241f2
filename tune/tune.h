// unetflow-tune
#pragma once
#include "pipeline/device.h"
#include "src/net/architecture.h"
#include <string>
#include <vector>

namespace unet {

struct TuneOptions {
    Architecture architecture{.width = 32};
    int tile = 572;  ///< network input in pixels
    double minutes = 20;
    DeviceChoice device;               ///< the CPU, or one device
    bool training = true;              ///< a training step as well as inference
    std::vector<std::string> kernels;  ///< only these; empty: all that have knobs
    std::string output, report;        ///< the profile, its HTML page; empty: named by the machine, beside the profile
    bool overwrite = false, restart = false, quiet = false;
};

/// Finds the knobs with which the kernels of a network are fastest on this machine or a device of it, and writes them
/// as a profile; a text report goes to stdout. What was measured is kept beside the profile until that is complete: the
/// same command goes on. Throws Error(cannot_create) when the profile exists, Error(data) when what was kept is of
/// another run, Error(interrupted) when stopped by a signal, Error(internal) when tuned kernels would change a result,
/// Error(usage) when the device is not there. Does not return when another program has the schedules for the device.
void run_tune(const TuneOptions &options);

}  // namespace unet
