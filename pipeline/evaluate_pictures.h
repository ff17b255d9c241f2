// Judged slices, to look at.
#pragma once
#include "pipeline/evaluate.h"
#include "src/sample/lazy_stack.h"

namespace unet {

/// Writes a PNG for each slice, or for the middle of a larger one, into the folder options.pictures: input where images
/// are given, truth, the weights that training would give, prediction, difference. Their names are those of the
/// predictions, with the number of the slice where there are several. Throws Error: usage (two would get one name),
/// data, no_input, cannot_create, io.
void write_evaluation_pictures(const std::vector<LabelledStack> &pairs, const LabelScheme &scheme,
                               const EvaluateOptions &options);

}  // namespace unet
