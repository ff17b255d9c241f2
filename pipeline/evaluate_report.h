// The report of an evaluation.
#pragma once
#include "pipeline/evaluate.h"
#include "pipeline/evaluate_pictures.h"
#include "src/score/confusion.h"
#include <nlohmann/json_fwd.hpp>

namespace unet {

/// A judged slice.
struct JudgedSlice {
    size_t pair;
    int page;
    const Confusion *confusion;
};

/// What an evaluation came to.
struct EvaluationOutcome {
    const LabelScheme &scheme;
    const Confusion &total;
    std::vector<JudgedSlice> slices;
    const nlohmann::ordered_json &scores;                 ///< as `--json` writes them
    std::vector<std::pair<std::string, double>> seconds;  ///< of stages
};

/// Writes a page to options.report: scores in total and of each slice, curves over slices, confusion matrix, the worst
/// slices as pictures, and what else is known. Throws Error: cannot_create, io, and what reading throws.
void write_evaluate_report(const EvaluateOptions &options, const std::vector<LabelledStack> &pairs,
                           const EvaluationPictures &pictures, const EvaluationOutcome &outcome);

}  // namespace unet
