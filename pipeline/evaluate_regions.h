// The part of `unetflow evaluate` that judges cells as regions.
#pragma once
#include "pipeline/evaluate.h"
#include "src/sample/lazy_stack.h"
#include "src/score/region_scores.h"
#include <nlohmann/json_fwd.hpp>

namespace unet {

/// Thresholds of probabilities that are tried, and the scores of every slice at each.
struct RegionReport {
    std::vector<double> thresholds;
    std::vector<RegionScores> slices;  ///< in the order of the pairs and their pages

    /// Keys as in docs/design.md; of the mean over slices at the best threshold, objects pooled.
    void add_total(nlohmann::ordered_json &to) const;
    /// Of one slice, at the threshold that is the best for all.
    void add_slice(size_t slice, nlohmann::ordered_json &to) const;
    /// For a person; empty when there is nothing to say.
    std::string text() const;
};

/// Scores every page of `pairs` (class maps and their truth). Pages of more than 2^27 pixels are too large to be judged
/// as a whole: then the report is empty. Throws what StackReader throws, and Error(data) when probabilities or
/// instances do not fit.
RegionReport score_regions(const std::vector<LabelledStack> &pairs, const LabelScheme &scheme,
                           const EvaluateOptions &options);

}  // namespace unet
