// Further files about pages that are scored: probabilities, objects, images.
#pragma once
#include "src/sample/lazy_stack.h"
#include <string>
#include <vector>

namespace unet {

/// One stack for each pair, in their order, page by page the same: of all files where there is one pair, else of the
/// file that pair_stacks would pair with the prediction. A stack that is longer than what is judged gives `slices` of
/// it. Nothing for no `paths`. `what` names them in messages. Throws Error: data (counts or sizes differ), no_input.
std::vector<StackPtr> companions(const std::vector<std::string> &paths, const std::vector<LabelledStack> &pairs,
                                 const Slices &slices, const char *what);

}  // namespace unet
