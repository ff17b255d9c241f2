// Cells as regions: how well they are parted, and which were found. One slice at a time, in memory.
#pragma once
#include "src/sample/labels.h"
#include "src/score/object_match.h"
#include "src/score/partition_scores.h"

namespace unet {

/// The cells of a truth as they are labelled: instance ids, or the 4-connected components of each class but `border`.
/// 0 elsewhere, and where it is ignored.
Ids true_objects(const Ids &ids, const LabelScheme &scheme, int border);

/// The 4-connected components of each predicted class but `border`.
Ids predicted_objects(const Classes &classes, int border);

/// Objects are no objects where truth, `ids`, is ignored.
void leave_out_ignored(Ids &objects, const Ids &ids, const LabelScheme &scheme);

/// How well a slice is parted when all pixels above a threshold are cell, for a row of thresholds.
struct PartingScores {
    std::vector<double> v_rand, v_info;  ///< borders thinned to lines before
    std::vector<double> rand;            ///< v_rand with borders as they are
    std::vector<double> warping_error;
};

/// `inside` [1, W, H]: how surely a pixel is no border. `counted` [1, W, H]: 0 where truth is ignored; empty: nowhere.
/// Nothing when truth has no cell.
std::optional<PartingScores> parting_scores(const Ids &truth, const Pixels &inside,
                                            const std::vector<double> &thresholds, const Classes &counted = {});

/// All of a slice.
struct RegionScores {
    std::optional<PartingScores> parting;
    std::optional<PartitionScores> partition;  ///< of the objects
    ObjectMatch objects;
};

/// `objects`: the predicted ones. Where truth is ignored nothing counts.
RegionScores region_scores(const Ids &truth_ids, const LabelScheme &scheme, int border, Ids objects,
                           const Pixels &inside, const std::vector<double> &thresholds);

}  // namespace unet
