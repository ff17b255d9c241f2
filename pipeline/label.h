// unetflow label
#pragma once
#include "src/label/instances.h"
#include <string>
#include <vector>

namespace unet {

/// How many neighbours a pixel has: of its slice, or of the volume.
enum class Connectivity { by_side, four, eight, six, twenty_six };

struct LabelOptions {
    std::vector<std::string> inputs;
    std::string output;
    int foreground = 1;  ///< the class whose objects are numbered
    InstanceOptions instances;
    bool through_slices = false, fill_holes = false;
    Connectivity connectivity = Connectivity::by_side;  ///< four, or six through slices
    bool list = false;                                  ///< writes OUTPUT's stem + .csv
    bool pyramid = false, overwrite = false, restart = false, quiet = false;

    bool corners() const { return connectivity == Connectivity::eight || connectivity == Connectivity::twenty_six; }
    /// Without growing, components and watersheds need no more than the rows around a pixel, or a piece of the
    /// foreground.
    bool is_streamed() const { return instances.method != InstanceMethod::shape && instances.grow == 0; }
};

/// Numbers the objects of each slice of a class map or of probabilities, or of the volume that the slices are, from 1
/// on through the whole stack, in the order of their first pixels; u16 where that is enough, else u32. Connected
/// components and watersheds are streamed, see StreamedObjects; else one slice is in memory at a time. With a folder as
/// output every input is a stack of its own. A run that was stopped goes on: see LabelCheckpoint. Throws Error: usage
/// (options that do not go together), data (no such class; an unfinished run of other options), no_input,
/// cannot_create, io, interrupted.
void run_label(const LabelOptions &options);

}  // namespace unet
