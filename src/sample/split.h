// Which pages train and which only validate.
#pragma once
#include "src/sample/lazy_stack.h"

namespace unet {

/// One page of one of several stacks.
struct StackPage {
    int stack = 0, page = 0;
    bool operator==(const StackPage &) const = default;
};

enum class SplitBy { slices, blocks };

struct Split {
    std::vector<StackPage> training, validation;
};

/// Sets about `share` of the pages aside for validation; the same for the same files.
///
/// Neighbouring slices look alike, so they are kept together: a single stack, or files of one size and type (slices of
/// one stack, each in its file), give their last pages. Files that differ are images of their own: whole files, spread
/// evenly over the list; when they are too few for that, the last pages of each. With share > 0 at least one page
/// validates, when there are two or more; one page at least trains. Throws Error(usage) unless 0 <= share < 1.
Split split_pages(const std::vector<LabelledStack> &pairs, double share);

/// The same by blocks: about `share` of the rows of every page, the lowest ones, validate. `pairs` become their upper
/// parts, which train, followed by the lower ones: neither sees a pixel of the other. With share > 0 one row at least
/// validates, and one trains. Throws Error: usage unless 0 <= share < 1, data where a page has a single row.
Split split_blocks(std::vector<LabelledStack> &pairs, double share);

/// Whether there is a single page, which only blocks can divide.
bool is_single_page(const std::vector<LabelledStack> &pairs);

}  // namespace unet
