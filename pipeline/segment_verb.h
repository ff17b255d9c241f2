// unetflow segment
#pragma once
#include "pipeline/shard.h"
#include "src/base/rect.h"
#include "src/stack/stack_writer.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace unet {

struct SegmentOptions {
    std::string model;
    std::vector<std::string> inputs;
    std::string output;  ///< a file, or a folder when it ends in / or is one
    bool classes = true, probabilities = false;
    SampleType probability_type = SampleType::u8;
    int tile = 956;                            ///< network input in pixels; twice the paper's output
    std::optional<std::pair<int, int>> pages;  ///< first and one past the last
    std::optional<Rect> area;
    int tiles_in_flight = 0;  ///< 0: from the threads
    TileStorage storage = TileStorage::deflate;
    std::optional<Shard> shard;  ///< the task of a job array without it, if this process is one
    int64_t shards = 0;          ///< 0: as many as tasks
    bool overwrite = false, restart = false, quiet = false, timings = false;
};

/// Segments stacks of any size with a trained model, or a shard of one. Goes on where an earlier run with the same
/// options has stopped.
/// Throws Error: usage, data (channels differ from the model's; another run's unfinished output), no_input,
/// cannot_create (output there already), io, interrupted.
void run_segment(const SegmentOptions &options);

}  // namespace unet
