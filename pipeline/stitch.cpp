#include "pipeline/stitch.h"
#include "src/base/error.h"
#include <algorithm>
#include <cstring>

namespace unet {

Stitch::Stitch(const RegionPlan &plan, int planes, int sample_bytes)
    : area_(plan.area()), first_page_(plan.pages().first), planes_(planes), sample_bytes_(sample_bytes) {}

std::vector<Band> Stitch::place(const TileSpot &spot, const std::vector<uint8_t> &samples) {
    if (spot.index != next_)
        throw Error(Exit::internal,
                    "stitch: tile " + std::to_string(spot.index) + " came in place of " + std::to_string(next_));
    next_++;
    if (spot.write.width == 0 || spot.write.height == 0) return {};
    const Rect write{spot.write.x - area_.x, spot.write.y - area_.y, spot.write.width, spot.write.height};
    const int first = write.y / band_rows, last = (write.y + write.height - 1) / band_rows;
    std::vector<Band> complete;
    for (int number = first; number <= last; number++) {
        OpenBand &to = open(spot.page - first_page_, number);
        copy(write, samples, to);
        if (to.missing > 0) continue;
        complete.push_back(std::move(to.band));
        open_.erase(number);
    }
    return complete;
}

Stitch::OpenBand &Stitch::open(int page, int number) {
    const auto [at, is_new] = open_.try_emplace(number);
    OpenBand &open = at->second;
    if (is_new) {
        const int y = number * band_rows, rows = std::min(band_rows, area_.height - y);
        open.missing = int64_t(rows) * area_.width;
        open.band = {page, y, rows, std::vector<uint8_t>(size_t(open.missing) * planes_ * sample_bytes_)};
    }
    if (open.band.page != page)
        throw Error(Exit::internal, "stitch: page " + std::to_string(page) + " began too early");
    return open;
}

// The rows that the tile and the band share.
void Stitch::copy(const Rect &write, const std::vector<uint8_t> &samples, OpenBand &to) const {
    Band &band = to.band;
    const int top = std::max(write.y, band.y), bottom = std::min(write.y + write.height, band.y + band.rows);
    const size_t tile_row = size_t(write.width) * sample_bytes_, band_row = size_t(area_.width) * sample_bytes_;
    for (int plane = 0; plane < planes_; plane++)
        for (int y = top; y < bottom; y++)
            std::memcpy(
                &band.bytes[(size_t(plane) * band.rows + y - band.y) * band_row + size_t(write.x) * sample_bytes_],
                &samples[(size_t(plane) * write.height + y - write.y) * tile_row], tile_row);
    to.missing -= int64_t(bottom - top) * write.width;
}

}  // namespace unet
