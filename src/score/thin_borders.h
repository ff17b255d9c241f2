// Regions grown until only lines are left between them.
#pragma once
#include "src/base/array.h"

namespace unet {

/// `regions` [1, W, H], ids with 0 between them, grown into the 0 by one pixel after the other in the order of their
/// distance along 4-connected paths, ties in reading order. A pixel that two regions reach becomes a line and stays 0:
/// the watershed of an image that is low in the regions and level between them.
/// Source   Vincent, Soille 1991; used by Arganda-Carreras et al. 2015 to thin borders before they are judged
Ids thin_borders(const Ids &regions);

}  // namespace unet
