// The tiles of a part of a stack.
#pragma once
#include "src/stack/stack_writer.h"
#include "src/tile/tile_plan.h"
#include <optional>
#include <vector>

namespace unet {

/// Pages [first, first + count) of a stack.
struct PageRange {
    int first = 0, count = 0;
};

/// The spots of a TilePlan that have a share in a pixel of `area` on one of `pages`, in plan order.
///
/// The tiles stay where they lie on the whole page: a part has the bytes that the same part of the whole would have.
class RegionPlan {
public:
    /// `bands`: of the bands that the area of all pages is written in, these only.
    RegionPlan(TilePlan plan, PageRange pages, Rect area, std::optional<BandRange> bands = {});

    int64_t size() const { return size_; }
    /// `index` counts from 0 in this plan; `page`, `write` and `cover` are those of the whole stack, the rectangles cut
    /// to the area and the bands. Where tiles overlap, nothing may be left of `write`.
    TileSpot operator[](int64_t index) const;

    const TilePlan &tiles() const { return plan_; }
    PageRange pages() const { return pages_; }
    Rect area() const { return area_; }
    int64_t bands() const { return pages_.count * bands_per_page(area_.height); }

private:
    /// Pages of which the same area is needed.
    struct Run {
        int first_page, pages;
        Rect area;
        int64_t first_index;
        std::vector<int64_t> spots_of_page;  // positions in the plan of one page
    };
    void add(int first_page, int pages, int top, int bottom);

    TilePlan plan_;
    PageRange pages_;
    Rect area_;
    int64_t size_ = 0;
    std::vector<Run> runs_;  // three at most: bands may begin and end inside a page
};

}  // namespace unet
