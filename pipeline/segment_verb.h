// unetflow segment
#pragma once
#include "src/base/rect.h"
#include "src/stack/stack_reader.h"
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
    bool overwrite = false, quiet = false, timings = false;
};

/// Segments stacks of any size with a trained model.
/// Throws Error: usage, data (channels differ from the model's), no_input, cannot_create (output there already), io,
/// interrupted.
void run_segment(const SegmentOptions &options);

}  // namespace unet
