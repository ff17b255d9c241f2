// A training run that is over already: it was killed after its model was written, or is given once more.
#pragma once
#include "pipeline/train.h"

namespace unet {

/// Whether options.model is what a run with these options and inputs makes: all that it says of how it was made agrees,
/// and it is newer than its inputs. Reads neither images nor labels but for what identifies them. Throws
/// Error(no_input) when an input is missing, and what model_to_begin_with throws.
bool is_finished(const TrainOptions &options);

/// Removes the checkpoints and best weights that the run of options.model has left beside it; those of other runs stay.
void remove_leftovers(const TrainOptions &options);

}  // namespace unet
