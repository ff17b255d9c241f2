// unetflow label
#pragma once
#include "src/label/instances.h"
#include <string>
#include <vector>

namespace unet {

struct LabelOptions {
    std::vector<std::string> inputs;
    std::string output;
    int foreground = 1;  ///< the class whose objects are numbered
    InstanceOptions instances;
    bool overwrite = false, quiet = false;
};

/// Numbers the objects of each slice of a class map or of probabilities, from 1 on through the whole stack, in the
/// order of their first pixels; u16 where that is enough, else u32. One slice is in memory at a time. With a folder as
/// output every input is a stack of its own. Throws Error: data (no such class), no_input, cannot_create, io,
/// interrupted.
void run_label(const LabelOptions &options);

}  // namespace unet
