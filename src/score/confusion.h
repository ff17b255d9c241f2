// Which classes were predicted where, and the scores that follow.
#pragma once
#include "src/base/array.h"
#include <optional>

namespace unet {

/// A class map as it stands in a file; what is no class at all becomes `ignored`, which Confusion refuses in a
/// prediction.
Classes class_map(const Ids &ids);

/// Counts of pixels by true and predicted class. Pixels whose truth is `ignored` are left out.
class Confusion {
public:
    explicit Confusion(int classes) : classes_(classes), counts_(size_t(classes) * classes) {}

    /// Counts a window; both maps have one size. Throws Error(data) for a predicted class that does not exist, and
    /// Error(internal) when the sizes differ.
    void add(const Classes &prediction, const Classes &truth);
    void add(const Confusion &other);

    int classes() const { return classes_; }
    uint64_t count(int truth, int predicted) const { return counts_[size_t(truth) * classes_ + predicted]; }
    uint64_t pixels() const;

    /// The only class that was predicted, although truth has others.
    std::optional<int> only_class() const;

    /// TP / (TP + FP + FN) of one class, the Jaccard index; nothing when neither truth nor prediction has the class.
    std::optional<double> iou(int c) const;
    /// 2 TP / (2 TP + FP + FN) of one class; nothing when neither truth nor prediction has the class.
    std::optional<double> dice(int c) const;
    /// Share of pixels whose class is wrong; nothing without pixels.
    std::optional<double> pixel_error() const;

private:
    uint64_t true_pixels(int c) const;
    uint64_t predicted_pixels(int c) const;

    int classes_;
    std::vector<uint64_t> counts_;  // [truth][predicted]
};

}  // namespace unet
