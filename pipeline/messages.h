// What the nodes of the segment graph hand to each other.
#pragma once
#include "src/base/array.h"
#include "src/tile/tile_plan.h"
#include <memory>
#include <vector>

namespace unet {

/// One tile on its way: `read` fills the image, `infer` turns it into outputs.
struct Tile {
    TileSpot spot;
    Pixels image;  ///< [channels, read.width, read.height], mirrored and normalised
    /// One per output stack: the samples of spot.write, plane by plane, row by row, in host byte order.
    std::vector<std::vector<uint8_t>> outputs;
    Pixels share = {};      ///< instead of them, where tiles overlap: what Blend::weigh gives
    bool given_up = false;  ///< after a stop signal: it has no outputs
};
using TilePtr = std::shared_ptr<Tile>;

}  // namespace unet
