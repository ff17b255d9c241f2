// What `unetflow evaluate` judges, as classes.
#pragma once
#include "pipeline/evaluate.h"
#include "src/sample/lazy_stack.h"

namespace unet {

/// Files of class maps, or of objects where these are judged alone. Throws Error(usage) when neither is given, and what
/// expand_paths throws.
std::vector<std::filesystem::path> files_of_prediction(const EvaluateOptions &options);

/// Throws Error(usage) when objects are judged alone, but truth has more than the two classes that they can be.
void check_classes(const LabelScheme &truth, const EvaluateOptions &options);

/// A part of a page of them: a class map as it stands there; of objects alone every pixel of one is class 1.
Classes predicted_classes(const LazyStack &prediction, int page, Rect area, const EvaluateOptions &options);

}  // namespace unet
