// Scores on the pages held out of training.
#pragma once
#include "pipeline/region_plan.h"
#include "src/base/normalisation.h"
#include "src/net/prepared_weights.h"
#include "src/sample/labels.h"
#include "src/sample/split.h"
#include "src/score/confusion.h"
#include "src/score/object_match.h"
#include "src/stack/stack_writer.h"
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace unet {

/// Mean IoU of the classes that truth or prediction has; 0 when neither has any.
double mean_iou(const Confusion &confusion);

/// Segments a part of each page tile by tile. `sink` gets bands of its classes, whose rows count from the area's first.
/// Throws what segment_stack throws.
void segment_part(const PreparedWeights &weights, const Normalisation &normalisation, const LazyStack &images,
                  PageRange pages, Rect area, const std::function<void(const Band &)> &sink);

/// What the network makes of pages that it does not learn from.
struct Validation {
    Confusion classes;
    std::optional<ObjectMatch> objects;  ///< where labels are instances: 4-connected pieces that are no background

    /// What the best weights have most of. IoU does not see whether cells that touch are parted, and is the best early
    /// in a run where borders weigh much (nuclei, Freiburg's weights: step 2400 of 8000). So that of instances is
    /// the mean of IoU and of their objects' panoptic quality, which falls with each cell that is not parted.
    double quality() const;
};

/// What Validation::quality is: "IoU" or "mean of IoU and PQ".
std::string quality_name(const LabelScheme &scheme);

/// Bytes that it takes to validate pages of this shape, beside the weights. `objects`: labels are instances.
uint64_t validation_bytes(const Architecture &architecture, const StackShape &images, bool objects);

/// Segments `pages` tile by tile, as `unetflow segment` would, and compares with their labels; of objects those of the
/// first 2048 columns and rows of a page. Throws what segment_stack throws.
Validation validate(const PreparedWeights &weights, const Normalisation &normalisation, const LabelScheme &scheme,
                    const std::vector<LabelledStack> &stacks, const std::vector<StackPage> &pages);

}  // namespace unet
