#include "src/tile/tile_plan.h"
#include "src/base/error.h"
#include <algorithm>
#include <string>

namespace unet {

namespace {

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

// The fewest tiles whose outputs reach the end of `length` pixels.
int tiles_in(int length, int span, int stride) { return int(1 + ceil_div(std::max(0, length - span), stride)); }

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

Rect TileGeometry::window(Rect part, Size page) const {
    const auto end = [&](int first, int count, int length) {
        return int(std::min<int64_t>(ceil_div(int64_t(first) + count, pitch) * pitch, length));
    };
    const int x = part.x / pitch * pitch, y = part.y / pitch * pitch;
    return {x - margin, y - margin, int(input_for(end(part.x, part.width, page.width) - x)),
            int(input_for(end(part.y, part.height, page.height) - y))};
}

TilePlan::TilePlan(int width, int height, int pages, int tile, TileGeometry geometry, int overlap)
    : width_(width), height_(height), pages_(pages), geometry_(geometry) {
    check(width, height, pages, geometry);
    const int64_t cells_of_page = ceil_div(std::max(width, height), geometry.pitch);
    const int64_t cells = std::min(cells_of(tile, geometry), cells_of_page);
    span_ = overlap ? geometry.output_of(tile) : int(cells * geometry.pitch);
    stride_ = span_ - overlap;
    if (overlap < 0 || 2 * int64_t(overlap) > span_)
        throw Error(Exit::internal, "tile plan: tiles of " + std::to_string(span_) +
                                        " output pixels cannot overlap by " + std::to_string(overlap));
    columns_ = tiles_in(width, span_, stride_);
    rows_ = tiles_in(height, span_, stride_);
}

TileSpot TilePlan::operator[](int64_t index) const {
    if (index < 0 || index >= size())
        throw Error(Exit::internal,
                    "tile plan: there is no tile " + std::to_string(index) + " of " + std::to_string(size()));
    const int64_t in_page = index % tiles_per_page();
    const int column = int(in_page % columns_), row = int(in_page / columns_);
    const int x = column * stride_, y = row * stride_;
    TileSpot spot{.index = index, .page = int(index / tiles_per_page()), .write = {}, .cover = {}, .read = {}};
    spot.cover = {x, y, std::min(span_, width_ - x), std::min(span_, height_ - y)};
    spot.write = {x, y, column + 1 < columns_ ? stride_ : spot.cover.width,
                  row + 1 < rows_ ? stride_ : spot.cover.height};
    spot.read = {x - geometry_.margin, y - geometry_.margin, int(geometry_.input_for(spot.cover.width)),
                 int(geometry_.input_for(spot.cover.height))};
    return spot;
}

Size TilePlan::largest_read() const {
    return {int(geometry_.input_for(std::min(span_, width_))), int(geometry_.input_for(std::min(span_, height_)))};
}

}  // namespace unet
