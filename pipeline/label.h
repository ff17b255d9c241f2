// unetflow label
#pragma once
#include "src/label/instances.h"
#include "src/label/streamed_objects.h"
#include <string>
#include <vector>

namespace unet {

struct LabelOptions {
    std::vector<std::string> inputs;
    std::string output;
    int foreground = 1;  ///< the class whose objects are numbered
    InstanceOptions instances;
    bool through_slices = false, fill_holes = false;
    bool list = false;  ///< writes OUTPUT's stem + .csv
    bool pyramid = false, overwrite = false, quiet = false;
};

/// Numbers the objects of each slice of a class map or of probabilities, or of the volume that the slices are, from 1
/// on through the whole stack, in the order of their first pixels; u16 where that is enough, else u32. Connected
/// components are streamed, see StreamedObjects; else one slice is in memory at a time. With a folder as output every
/// input is a stack of its own. Throws Error: usage (options that do not go together), data (no such class), no_input,
/// cannot_create, io, interrupted.
void run_label(const LabelOptions &options);

}  // namespace unet
