// Objects made larger.
#pragma once
#include "src/base/array.h"

namespace unet {

/// Objects [1, W, H] grown into the 0 around them, `pixels` times by the pixels that meet one by a side; one that meets
/// several goes to that above, left, right, below it, in this order. Objects that meet stop each other.
Ids grown_objects(Ids objects, int pixels);

}  // namespace unet
