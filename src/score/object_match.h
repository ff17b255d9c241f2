// Which objects were found.
#pragma once
#include "src/score/overlaps.h"
#include <optional>

namespace unet {

/// Objects of truth and prediction, matched where they overlap by more than half of their union: then each has one
/// partner at most. Pooled over slices. Every score is absent where there is no object at all.
class ObjectMatch {
public:
    /// Counts a slice: all ids but 0 are objects.
    void add(const std::vector<Overlap> &overlaps);
    void add(const ObjectMatch &other);

    uint64_t true_objects() const { return true_objects_; }
    uint64_t predicted_objects() const { return predicted_objects_; }

    /// Mean over true objects of the Jaccard index with the predicted one that covers more than half of it, else 0.
    /// Source   Maska et al. 2014 (Cell Tracking Challenge)
    std::optional<double> seg() const;
    /// TP / (TP + FP + FN), where a match has a Jaccard index above `threshold`, at least 0.5.
    /// Source   Caicedo et al. 2019 (Data Science Bowl 2018)
    std::optional<double> average_precision(double threshold) const;
    /// 2 TP / (2 TP + FP + FN) at 0.5.
    std::optional<double> f1() const;
    /// Sum of the Jaccard indices of matches / (TP + FP / 2 + FN / 2) at 0.5. Source: Kirillov et al. 2019
    std::optional<double> panoptic_quality() const;

private:
    double matches(double threshold) const;

    uint64_t true_objects_ = 0, predicted_objects_ = 0;
    std::vector<double> jaccard_;  // of matches
    double seg_sum_ = 0;
};

}  // namespace unet
