// Whether inputs are those of an earlier run.
#pragma once
#include "src/base/paths.h"
#include <filesystem>
#include <string>

namespace unet {

struct InputIdentity {
    /// "6 files in 2 lists, 1234567 bytes, <hash of sizes and of the first and last 64 KiB of each>": the same for
    /// copies elsewhere. A single list is not spoken of.
    std::string content;
    /// Hash of the times of the last change.
    std::string times;
    std::filesystem::file_time_type changed;  ///< the latest of them
};

/// Throws Error: no_input when a file cannot be read.
InputIdentity identify(const FileLists &inputs);

}  // namespace unet
