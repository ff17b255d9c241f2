// The foreground of a stack, row by row.
#pragma once
#include "src/label/runs.h"
#include "src/sample/lazy_stack.h"
#include <functional>

namespace unet {

/// Where class `foreground` is likelier than `threshold`, see probability_of.
struct Foreground {
    const LazyStack &stack;
    int foreground = 1;
    double threshold = 0.5;
};

/// Its rows from the band on that begins at `from`, in their order. Read in parallel, 512 rows at a time in columns, so
/// that memory does not depend on the size of a page. `band_done` is called with the row behind each band; behind the
/// last is row 0 of the page behind the last. Throws what probability_of throws.
void for_each_foreground_row(const Foreground &foreground, bool with_likelihoods, RowPlace from,
                             const std::function<void(const StackRow &row)> &take,
                             const std::function<void(RowPlace next)> &band_done);

}  // namespace unet
