// Judged slices, to look at.
#pragma once
#include "pipeline/evaluate.h"
#include "src/base/rect.h"
#include "src/report/picture.h"
#include "src/sample/lazy_stack.h"

namespace unet {

/// A PNG for each slice, or for the middle of a larger one, in the folder options.pictures: input where images are
/// given, truth, border weights over classes that weigh 1, prediction, difference. Their names are those of the
/// predictions, with the number of the slice where there are several.
class EvaluationPictures {
public:
    /// Decides the names, opens the images and makes the folder. Throws Error: usage (two would get one name, images
    /// without a folder or a report), data (images do not fit), no_input, cannot_create (a picture exists).
    EvaluationPictures(const std::vector<LabelledStack> &pairs, const EvaluateOptions &options);
    /// What is shown of a slice of a pair, at most `largest` of it. Throws Error: data, no_input, io.
    Comparison compared(size_t pair, int page, Size largest, const LabelScheme &scheme) const;
    /// Throws Error: data, no_input, cannot_create, io.
    void write(const LabelScheme &scheme) const;

private:
    const std::vector<LabelledStack> &pairs_;
    const EvaluateOptions &options_;
    std::vector<StackPtr> images_;
};

}  // namespace unet
