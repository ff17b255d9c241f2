// Whether inputs are those of an earlier run.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace unet {

struct InputIdentity {
    /// "3 files, 1234567 bytes, <hash of sizes and of the first and last 64 KiB of each>": the same for copies
    /// elsewhere.
    std::string content;
    /// Hash of the times of the last change.
    std::string times;
    std::filesystem::file_time_type changed;  ///< the latest of them
};

/// Throws Error: no_input when a file cannot be read.
InputIdentity identify(const std::vector<std::filesystem::path> &files);

}  // namespace unet
