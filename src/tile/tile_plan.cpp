#include "src/tile/tile_plan.h"
#include "src/base/error.h"
#include <algorithm>
#include <string>

namespace unet {

namespace {

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// The most cells a side whose input is not above `tile`; one at least.
int64_t cells_of(int tile, const TileGeometry &geometry) {
    int64_t cells = std::max<int64_t>(1, (int64_t(tile) - 2 * int64_t(geometry.margin)) / geometry.pitch);
    while (cells > 1 && geometry.input_for(cells * geometry.pitch) > tile) cells--;
    return cells;
}

void check(int width, int height, int pages, const TileGeometry &geometry) {
    if (width < 1 || height < 1 || pages < 0)
        throw Error(Exit::internal, "tile plan: " + std::to_string(pages) + " pages of " + std::to_string(width) +
                                        " x " + std::to_string(height) + " pixels cannot be cut into tiles");
    if (geometry.pitch < 1 || geometry.step < 1 || geometry.smallest_input < 1 || geometry.margin < 0)
        throw Error(Exit::internal, "tile plan: the geometry of the net has a size below 1");
}

}  // namespace

int64_t TileGeometry::input_for(int64_t pixels) const {
    const int64_t needed = pixels + surplus + 2 * int64_t(margin);
    const int64_t steps = ceil_div(std::max<int64_t>(0, needed - smallest_input), step);
    return smallest_input + steps * step;
}

int TileGeometry::largest_input(int tile) const {
    return smallest_input + std::max(0, (tile - smallest_input) / step) * step;
}

TilePlan::TilePlan(int width, int height, int pages, int tile, TileGeometry geometry)
    : width_(width), height_(height), pages_(pages), geometry_(geometry) {
    check(width, height, pages, geometry);
    const int64_t cells_of_page = ceil_div(std::max(width, height), geometry.pitch);
    const int64_t cells = std::min(cells_of(tile, geometry), cells_of_page);
    cell_span_ = int(cells * geometry.pitch);
    columns_ = int(ceil_div(width, cell_span_));
    rows_ = int(ceil_div(height, cell_span_));
}

TileSpot TilePlan::operator[](int64_t index) const {
    if (index < 0 || index >= size())
        throw Error(Exit::internal,
                    "tile plan: there is no tile " + std::to_string(index) + " of " + std::to_string(size()));
    const int64_t in_page = index % tiles_per_page();
    const int x = int(in_page % columns_) * cell_span_, y = int(in_page / columns_) * cell_span_;
    TileSpot spot{.index = index, .page = int(index / tiles_per_page()), .write = {}, .read = {}};
    spot.write = {x, y, std::min(cell_span_, width_ - x), std::min(cell_span_, height_ - y)};
    spot.read = {x - geometry_.margin, y - geometry_.margin, int(geometry_.input_for(spot.write.width)),
                 int(geometry_.input_for(spot.write.height))};
    return spot;
}

Size TilePlan::largest_read() const {
    return {int(geometry_.input_for(std::min(cell_span_, width_))),
            int(geometry_.input_for(std::min(cell_span_, height_)))};
}

}  // namespace unet
