// The tiles of a part of a stack.
#pragma once
#include "src/tile/tile_plan.h"
#include <optional>
#include <vector>

namespace unet {

/// Pages [first, first + count) of a stack.
struct PageRange {
    int first = 0, count = 0;
};

/// The spots of a TilePlan that decide a pixel of `area` on one of `pages`, in plan order.
///
/// The tiles stay where they lie on the whole page: a part has the bytes that the same part of the whole would have.
class RegionPlan {
public:
    RegionPlan(TilePlan plan, PageRange pages, Rect area);

    int64_t size() const { return int64_t(pages_.count) * int64_t(spots_of_page_.size()); }
    /// `index` counts from 0 in this plan; `page` and `write` are those of the whole stack, `write` cut to the area.
    TileSpot operator[](int64_t index) const;

    const TilePlan &tiles() const { return plan_; }
    PageRange pages() const { return pages_; }
    Rect area() const { return area_; }

private:
    TilePlan plan_;
    PageRange pages_;
    Rect area_;
    std::vector<int64_t> spots_of_page_;  // positions in the plan of one page
};

}  // namespace unet
