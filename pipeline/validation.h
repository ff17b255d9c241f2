// Scores on the pages held out of training.
#pragma once
#include "src/base/normalisation.h"
#include "src/net/prepared_weights.h"
#include "src/sample/labels.h"
#include "src/sample/split.h"
#include "src/score/confusion.h"
#include <vector>

namespace unet {

/// Mean IoU of the classes that truth or prediction has; 0 when neither has any.
double mean_iou(const Confusion &confusion);

/// Segments `pages` tile by tile, as `unetflow segment` would, and counts against their labels.
/// Throws what segment_stack throws.
Confusion validate(const PreparedWeights &weights, const Normalisation &normalisation, const LabelScheme &scheme,
                   const std::vector<LabelledStack> &stacks, const std::vector<StackPage> &pages);

}  // namespace unet
