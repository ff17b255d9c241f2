// Tiles that overlap, averaged.
#pragma once
#include "pipeline/region_plan.h"
#include "src/base/array.h"

namespace unet {

/// How much a tile's pixels count where tiles overlap.
enum class BlendForm {
    mean,     ///< all alike
    gaussian  ///< less towards the edge: a normal distribution of an eighth of the tile's output, as in nnU-Net
};

inline const char *blend_name(BlendForm form) { return form == BlendForm::mean ? "mean" : "gaussian"; }

/// Makes of each pixel the weighted mean of what all tiles give that cover it.
///
/// Weights of a pixel sum to 1, so that a sum is a mean when its last tile has come. Tiles come in plan order, and each
/// pixel's sum is made in that order, whatever part of the plan is asked for. What a tile leaves to those after it is
/// kept: the columns that it shares with the next one, the rows that it shares with the next row; never a page.
class Blend {
public:
    /// Of `classes` probabilities a pixel.
    Blend(const RegionPlan &plan, BlendForm form, int classes);

    /// The share of a tile, [classes, spot.cover.width, spot.cover.height]: probabilities times weights.
    /// `probabilities` is all that the network gives, of which `part` is spot.cover. For several threads at once.
    Pixels weigh(const TileSpot &spot, const Pixels &probabilities, Rect part) const;

    /// Adds to a tile's share those of the tiles before it, in place. The pixels of spot.write are then complete: they
    /// are its first spot.write.width columns and spot.write.height rows. For tiles in plan order.
    void add(const TileSpot &spot, Pixels &share);

    /// Bytes that are kept from tile to tile of an area of `width` pixels, at most.
    static uint64_t kept_bytes(const TilePlan &tiles, int width, int classes);

private:
    std::vector<float> weights(int tile_begin, int first, int count, int page_end) const;
    void take(const TileSpot &spot, Pixels &share);
    void keep(const TileSpot &spot, const Pixels &share);

    Size page_;
    Rect area_;
    int span_, stride_;
    std::vector<double> form_;            // weight by the place in a tile
    Pixels right_;                        // sums that the next tile of the row goes on with: all rows of its columns
    Pixels below_;                        // sums that the next row of tiles goes on with, across the area
    int rows_above_ = 0, rows_kept_ = 0;  // rows of `below_` of the row of tiles above and of this one
};

}  // namespace unet
