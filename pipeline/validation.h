// Scores on the pages held out of training.
#pragma once
#include "pipeline/region_plan.h"
#include "src/base/normalisation.h"
#include "src/net/prepared_weights.h"
#include "src/sample/labels.h"
#include "src/sample/split.h"
#include "src/score/confusion.h"
#include "src/stack/stack_writer.h"
#include <functional>
#include <vector>

namespace unet {

/// Mean IoU of the classes that truth or prediction has; 0 when neither has any.
double mean_iou(const Confusion &confusion);

/// Segments a part of each page tile by tile. `sink` gets bands of its classes, whose rows count from the area's first.
/// Throws what segment_stack throws.
void segment_part(const PreparedWeights &weights, const Normalisation &normalisation, const LazyStack &images,
                  PageRange pages, Rect area, const std::function<void(const Band &)> &sink);

/// Segments `pages` tile by tile, as `unetflow segment` would, and counts against their labels.
/// Throws what segment_stack throws.
Confusion validate(const PreparedWeights &weights, const Normalisation &normalisation, const LabelScheme &scheme,
                   const std::vector<LabelledStack> &stacks, const std::vector<StackPage> &pages);

}  // namespace unet
