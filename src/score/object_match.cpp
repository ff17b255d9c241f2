#include "src/score/object_match.h"
#include <algorithm>
#include <map>
#include <numeric>

namespace unet {

void ObjectMatch::add(const std::vector<Overlap> &overlaps) {
    std::map<uint32_t, double> truth, prediction;  // pixels of each object
    for (const Overlap &overlap : overlaps) {
        if (overlap.truth) truth[overlap.truth] += double(overlap.pixels);
        if (overlap.segmentation) prediction[overlap.segmentation] += double(overlap.pixels);
    }
    true_objects_ += truth.size();
    predicted_objects_ += prediction.size();
    for (const Overlap &overlap : overlaps) {
        if (!overlap.truth || !overlap.segmentation) continue;
        const double shared = double(overlap.pixels), whole = truth[overlap.truth];
        const double jaccard = shared / (whole + prediction[overlap.segmentation] - shared);
        if (shared > whole / 2) seg_sum_ += jaccard;
        if (jaccard > 0.5) jaccard_.push_back(jaccard);
    }
}

void ObjectMatch::add(const ObjectMatch &other) {
    true_objects_ += other.true_objects_;
    predicted_objects_ += other.predicted_objects_;
    jaccard_.insert(jaccard_.end(), other.jaccard_.begin(), other.jaccard_.end());
    seg_sum_ += other.seg_sum_;
}

double ObjectMatch::matches(double threshold) const {
    return double(std::count_if(jaccard_.begin(), jaccard_.end(), [&](double j) { return j > threshold; }));
}

std::optional<double> ObjectMatch::seg() const {
    if (!true_objects_) return {};
    return seg_sum_ / double(true_objects_);
}

std::optional<double> ObjectMatch::average_precision(double threshold) const {
    const double found = matches(threshold), all = double(true_objects_) + double(predicted_objects_) - found;
    if (all == 0) return {};
    return found / all;
}

std::optional<double> ObjectMatch::f1() const {
    const double objects = double(true_objects_) + double(predicted_objects_);
    if (objects == 0) return {};
    return 2 * matches(0.5) / objects;
}

std::optional<double> ObjectMatch::panoptic_quality() const {
    const double objects = double(true_objects_) + double(predicted_objects_);
    if (objects == 0) return {};
    return 2 * std::accumulate(jaccard_.begin(), jaccard_.end(), 0.0) / objects;
}

}  // namespace unet
