// Which input size gives which output size, walked through the layers.
#pragma once
#include "src/net/architecture.h"
#include "src/tile/tile_plan.h"

namespace unet {

constexpr int largest_depth = 8, largest_width = 1024, largest_channels = 64, largest_classes = 255;

/// Side of the output that belongs to an input of side `input`; 0 when a pooling would meet an odd size or nothing is
/// left.
int output_size(const Architecture &architecture, int input);

/// The same for both sides; {0, 0} when one of them is no valid input.
Size output_size(const Architecture &architecture, Size input);

/// Geometry of the network, derived from its layers. Throws Error(usage) when the architecture is out of range.
TileGeometry geometry(const Architecture &architecture);

/// Throws Error(usage) naming the number that is out of range.
void check(const Architecture &architecture);

}  // namespace unet
