// unetflow merge
#pragma once
#include <string>
#include <vector>

namespace unet {

struct MergeOptions {
    std::string output;
    std::vector<std::string> shards;  ///< their files; none where all wrote into one (--output-layout preallocated)
    bool overwrite = false, quiet = false;
};

/// Joins what the shards of `segment` have written: the bytes of a run without shards. Throws Error: no_input, data
/// (shards are missing, named; of different runs; damaged), cannot_create (output there already), io.
void run_merge(const MergeOptions &options);

}  // namespace unet
