// Scores on the pages held out of training.
#pragma once
#include "src/base/normalisation.h"
#include "src/net/parameters.h"
#include "src/sample/labels.h"
#include "src/sample/split.h"
#include <optional>
#include <vector>

namespace unet {

/// Pixels of each truth class (row) that were given each class (column).
class ClassCounts {
public:
    explicit ClassCounts(int classes) : classes_(classes), counts_(size_t(classes) * classes) {}

    /// Counts pixel by pixel; `ignored` truth is left out. Both have `pixels` values.
    void add(const uint8_t *truth, const uint8_t *prediction, size_t pixels);
    /// Intersection over union of each class; nothing where neither truth nor prediction has it.
    std::vector<std::optional<double>> iou() const;
    /// Mean of those that exist, 0 when there is none.
    double mean_iou() const;

private:
    int classes_;
    std::vector<uint64_t> counts_;
};

/// Segments `pages` tile by tile, as `unetflow segment` would, and counts against their labels.
/// Throws what segment_stack throws.
ClassCounts validate(const Parameters &parameters, const Normalisation &normalisation, const LabelScheme &scheme,
                     const std::vector<LabelledStack> &stacks, const std::vector<StackPage> &pages);

}  // namespace unet
