#include "pipeline/region_plan.h"
#include "src/base/error.h"
#include <algorithm>

namespace unet {

namespace {

Rect cut(Rect a, Rect b) {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::max(0, std::min(a.x + a.width, b.x + b.width) - x),
            std::max(0, std::min(a.y + a.height, b.y + b.height) - y)};
}

}  // namespace

RegionPlan::RegionPlan(TilePlan plan, PageRange pages, Rect area, std::optional<BandRange> bands)
    : plan_(plan), pages_(pages), area_(area) {
    const int64_t per_page = bands_per_page(area.height);
    const auto [first, end] = bands.value_or(BandRange{0, this->bands()});
    if (first < 0 || end > this->bands() || first > end)
        throw Error(Exit::internal, "region plan: there are no bands " + std::to_string(first) + " to " +
                                        std::to_string(end) + "; please report this fault");
    if (first == end) return;
    const int first_page = int(first / per_page), last_page = int((end - 1) / per_page);
    const int top = int(first % per_page) * band_rows, bottom = int((end - 1) % per_page + 1) * band_rows;
    if (first_page == last_page) {
        add(first_page, 1, top, bottom);
        return;
    }
    add(first_page, 1, top, area.height);
    add(first_page + 1, last_page - first_page - 1, 0, area.height);
    add(last_page, 1, 0, bottom);
}

// Rows [top, bottom) of the area.
void RegionPlan::add(int first_page, int pages, int top, int bottom) {
    if (pages == 0) return;
    const Rect rows{area_.x, area_.y + top, area_.width, std::min(bottom, area_.height) - top};
    Run run{pages_.first + first_page, pages, rows, size_, {}};
    for (int64_t i = 0; i < plan_.tiles_per_page(); i++) {
        const Rect common = cut(plan_[i].cover, rows);
        if (common.width > 0 && common.height > 0) run.spots_of_page.push_back(i);
    }
    size_ += pages * int64_t(run.spots_of_page.size());
    runs_.push_back(std::move(run));
}

TileSpot RegionPlan::operator[](int64_t index) const {
    size_t r = runs_.size() - 1;
    while (r > 0 && index < runs_[r].first_index) r--;
    const Run &run = runs_[r];
    const int64_t per_page = int64_t(run.spots_of_page.size()), in_run = index - run.first_index;
    const int page = run.first_page + int(in_run / per_page);
    TileSpot spot = plan_[page * plan_.tiles_per_page() + run.spots_of_page[in_run % per_page]];
    spot.index = index;
    spot.write = cut(spot.write, run.area);
    spot.cover = cut(spot.cover, run.area);
    return spot;
}

}  // namespace unet
