// Gray values of a whole training set, streamed exactly.
#pragma once
#include "src/base/normalisation.h"
#include "src/sample/lazy_stack.h"
#include <functional>

namespace unet {

/// Of one channel over all pixels of all images: extremes and the percentiles 0.5 and 99.5 that become 0 and 1.
struct GrayRange {
    float least = 0, low = 0, high = 0, greatest = 0;
    bool operator==(const GrayRange &) const = default;
};

/// Exact, in memory that does not depend on the size of the images. Integers of up to 16 bits are counted one by one;
/// other values, as the floats that the reader gives, by their upper and then by their lower 16 bits, in two passes.
///
/// The percentile p of n values is the smallest value v such that p % of the values are <= v (nearest rank).
/// Returns  one range per channel     Throws   Error(data) for a NaN, and what StackReader throws
std::vector<GrayRange> survey_grays(const std::vector<StackPtr> &images);

/// The same of one page, whose pixels `read` gives: a region inside the page, [channels, W, H].
std::vector<GrayRange> survey_grays_of_page(const StackShape &shape, int page,
                                            const std::function<Pixels(int page, Rect region)> &read);

/// low and high of each channel. Where these are equal (almost all pixels have one value) the extremes take their
/// place; a channel of a single value v gets high = v + max(1, |v|), so that it becomes 0. Throws Error(data) when
/// every channel is so.
Normalisation normalisation_of(const std::vector<GrayRange> &ranges);

/// The same of a page, which may be empty: nothing is refused.
Normalisation normalisation_of_page(const std::vector<GrayRange> &ranges);

}  // namespace unet
