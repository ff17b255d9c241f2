// What a network answered, read back from its files.
#pragma once
#include "src/sample/lazy_stack.h"

namespace unet {

/// Probability of class `c` on a region of a page of a stack of probabilities (u8 or u16 of full scale, or floats), or
/// 1 and 0 on one of classes: [1, region.width, region.height]. Throws Error(data) when there is no such class.
Pixels probability_of(const LazyStack &stack, int page, Rect region, int c);

/// The same of the whole page.
Pixels probability_of(const LazyStack &stack, int page, int c);

}  // namespace unet
