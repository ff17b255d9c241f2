// `unetflow info`: what TIFF files hold.
#pragma once
#include <string>
#include <vector>

namespace unet {

struct InfoOptions {
    std::vector<std::string> files;  ///< files, folders, patterns, @lists
    std::string json;                ///< file for the JSON, "-" for stdout, "" for none
};

/// Prints a block per file on stdout, or the JSON instead when that goes to stdout: an object for one file, an array
/// for several. Of several files the bad ones are named in a line each on stderr and the others go on. Throws Error
/// with the worst exit code when a file was bad.
void run_info(const InfoOptions &options);

}  // namespace unet
