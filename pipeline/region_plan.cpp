#include "pipeline/region_plan.h"
#include <algorithm>

namespace unet {

namespace {

Rect cut(Rect a, Rect b) {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.width, b.x + b.width) - x, std::min(a.y + a.height, b.y + b.height) - y};
}

}  // namespace

RegionPlan::RegionPlan(TilePlan plan, PageRange pages, Rect area) : plan_(plan), pages_(pages), area_(area) {
    for (int64_t i = 0; i < plan_.tiles_per_page(); i++) {
        const Rect common = cut(plan_[i].write, area_);
        if (common.width > 0 && common.height > 0) spots_of_page_.push_back(i);
    }
}

TileSpot RegionPlan::operator[](int64_t index) const {
    const int64_t per_page = int64_t(spots_of_page_.size());
    const int page = pages_.first + int(index / per_page);
    TileSpot spot = plan_[page * plan_.tiles_per_page() + spots_of_page_[index % per_page]];
    spot.index = index;
    spot.write = cut(spot.write, area_);
    return spot;
}

}  // namespace unet
