// unetflow synth
#pragma once
#include <cstdint>
#include <string>

namespace unet {

struct SynthOptions {
    std::string output;              ///< folder for images.tif and labels.tif; made where it is missing
    std::string kind = "membranes";  ///< or "cells"
    int size = 512;                  ///< width and height of a slice in pixels, 1 .. 4096
    int slices = 20;
    uint64_t seed = 1;
    bool overwrite = false, quiet = false;
};

/// Writes a synthetic stack and its exact labels: membranes 0 / 255 as u8 (4 x 4 x 50 nm), cells as instance ids in u16
/// (0.65 um). Slices are made in parallel, a few at a time; equal options give equal bytes, whatever the threads.
/// Throws Error: usage, cannot_create (an output exists, the folder cannot be made), io, interrupted.
void run_synth(const SynthOptions &options);

}  // namespace unet
