// Tiles to bands.
#pragma once
#include "pipeline/messages.h"
#include "pipeline/region_plan.h"
#include "src/stack/stack_writer.h"
#include <map>

namespace unet {

/// Puts the samples of finished tiles into the bands they belong to, for one output stack.
///
/// Tiles come in plan order, so only the bands that the current row of tiles touches are open; never a page.
class Stitch {
public:
    /// `planes` samples of `sample_bytes` bytes a pixel.
    Stitch(const RegionPlan &plan, int planes, int sample_bytes);

    /// Takes the samples of spot.write, plane by plane, which may be none. Returns the bands that are complete with
    /// them, top to bottom; their pages and rows count from the plan's first page and area. Throws Error(internal) when
    /// a tile comes out of order.
    std::vector<Band> place(const TileSpot &spot, const std::vector<uint8_t> &samples);

private:
    struct OpenBand {
        Band band;
        int64_t missing = 0;  // pixels
    };
    OpenBand &open(int page, int number);
    void copy(const Rect &write, const std::vector<uint8_t> &samples, OpenBand &to) const;

    Rect area_;
    int first_page_, planes_, sample_bytes_;
    int64_t next_ = 0;
    std::map<int, OpenBand> open_;  // by number within the page
};

}  // namespace unet
