// What a network answered, read back from its files.
#pragma once
#include "src/sample/lazy_stack.h"

namespace unet {

/// Probability of class `c` on a page of a stack of probabilities (u8 or u16 of full scale, or floats), or 1 and 0 on a
/// page of classes: [1, W, H]. Throws Error(data) when there is no such class.
Pixels probability_of(const LazyStack &stack, int page, int c);

}  // namespace unet
