// The foreground of a stack, row by row.
#pragma once
#include "src/label/runs.h"
#include "src/sample/lazy_stack.h"

namespace unet {

/// Where class `foreground` is likelier than `threshold`, see probability_of. Read in parallel, 512 rows at a time in
/// columns, so that memory does not depend on the size of a page. `slice_done` is called after each page. `stack` must
/// outlive it. Throws what probability_of throws, and Error(interrupted) after a stop signal.
RowSource foreground_rows(const LazyStack &stack, int foreground, double threshold, std::function<void()> slice_done);

}  // namespace unet
