// The overlap-tile strategy: which tiles cover a stack.
#pragma once
#include "src/base/rect.h"
#include <cstdint>

namespace unet {

/// One tile of the overlap-tile strategy (Ronneberger et al. 2015, figure 2).
struct TileSpot {
    int64_t index = 0;  ///< position in plan order, 0 .. TilePlan::size() - 1
    int page = 0;
    Rect write;  ///< output pixels this tile decides, inside the page; the spots of a page partition it
    Rect cover;  ///< output pixels it has a share in, inside the page: `write`, and where tiles overlap, what is also
                 ///< the next one's or the next row's
    Rect read;   ///< input window of the net; may reach outside the page
};

/// How the sizes of a network's input and output belong together. Derived from its layers, see UNet::geometry.
struct TileGeometry {
    int margin;  ///< input pixels lost on each side: read begins at write minus the margin (92 for depth 4)
    int pitch;   ///< tile origins are multiples of it: 12 * 2^depth, so that pooling windows and Winograd tiles (4 or 6
                 ///< pixels) fall alike in every tile
    int step;    ///< valid input sizes are smallest_input + i * step (2^depth)
    int smallest_input;
    int surplus = 0;  ///< output pixels that a window must have beyond those it writes, so that every Winograd tile
                      ///< that counts lies inside it (0 for depth 4)

    /// The smallest valid network input whose output covers `pixels` and the surplus.
    int64_t input_for(int64_t pixels) const;
    /// The largest valid network input that is not above `tile`; the smallest one at least.
    int largest_input(int tile) const;
    /// The smallest window on the grid of a page of this size that decides `part`; it reaches outside the page by the
    /// margin at least.
    Rect window(Rect part, Size page) const;
    /// Output pixels a side that an input of `largest_input(tile)` is good for.
    int output_of(int tile) const { return largest_input(tile) - 2 * margin - surplus; }
};

/// Cuts pages into spots, page by page, row by row, on a grid of whole cells of `pitch` anchored at pixel (0, 0).
/// Windows reach no further over the right and lower border than the network needs. So those that end there all end at
/// the same pixel, whatever the tile, and compute the same. Pure arithmetic; owns no pixels.
///
/// With an overlap there are no cells: tiles give all they can, and begin at multiples of their output less the
/// overlap. So they pool at other pixels than their neighbours, and no longer compute the same. Three tiles in a row
/// never share a pixel.
class TilePlan {
public:
    /// `tile` is the side of the network's input in pixels; rounded down to a size whose output is whole cells, at
    /// least one cell. With `overlap`, pixels that neighbours share, at most half of the output: to any valid size.
    TilePlan(int width, int height, int pages, int tile, TileGeometry geometry, int overlap = 0);

    int64_t size() const { return int64_t(pages_) * tiles_per_page(); }
    int64_t tiles_per_page() const { return int64_t(rows_) * columns_; }
    int span() const { return span_; }               ///< output pixels of a tile, each side, but for the page's border
    int overlap() const { return span_ - stride_; }  ///< of them those that the next tile shares
    Size page() const { return {width_, height_}; }
    Size largest_read() const;  ///< no `read` is larger
    TileSpot operator[](int64_t index) const;

private:
    int width_, height_, pages_;
    TileGeometry geometry_;
    int span_;    // output pixels per tile, a multiple of the pitch where tiles do not overlap
    int stride_;  // from tile to tile
    int columns_, rows_;
};

}  // namespace unet
