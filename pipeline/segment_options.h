// What `segment` and `plan` are asked to do.
#pragma once
#include "pipeline/blend.h"
#include "pipeline/device.h"
#include "pipeline/encode.h"
#include "pipeline/shard.h"
#include "src/base/rect.h"
#include "src/stack/image_stack.h"
#include "src/stack/stack_writer.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace unet {

struct SegmentOptions {
    std::vector<std::string> models;  ///< their probabilities are averaged
    std::vector<std::string> inputs;
    ImageChoice images;  ///< as far as options say, see images_of
    std::string output;  ///< a file, or a folder when it ends in / or is one
    bool classes = true, probabilities = false;
    SampleType probability_type = SampleType::u8;
    int tile = 956;                            ///< network input in pixels, at most; twice the paper's output
    int overlap = 0;                           ///< output pixels that neighbouring tiles share; 0: the exact way
    BlendForm blend = BlendForm::mean;         ///< how they are averaged
    std::optional<std::pair<int, int>> pages;  ///< first and one past the last
    std::optional<Rect> area;
    DeviceChoice device;
    Precision precision = Precision::float32;
    uint64_t most_device_memory = 0;  ///< bytes of each device; 0: most of what it has
    int tiles_in_flight = 0;          ///< 0: from the threads
    uint64_t most_memory = 0;         ///< bytes; 0: most of what the machine has left
    bool d4 = false;                  ///< the mean over the eight turned and mirrored views
    TileStorage storage = TileStorage::deflate;
    bool pyramid = false;
    std::optional<Shard> shard;  ///< the task of a job array without it, if this process is one
    bool whole = false;          ///< no shard, in a job array neither
    int64_t shards = 0;          ///< 0: as many as tasks
    std::string event_log;       ///< a file; none when empty
    bool overwrite = false, restart = false, quiet = false, timings = false, dry_run = false;

    /// Classes first.
    std::vector<OutputKind> kinds() const;
    std::vector<std::string> kind_names() const;
};

}  // namespace unet
