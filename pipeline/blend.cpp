#include "pipeline/blend.h"
#include <algorithm>
#include <cmath>

namespace unet {

namespace {

std::vector<double> weight_by_place(BlendForm form, int span) {
    std::vector<double> weights(size_t(span), 1.0);
    if (form == BlendForm::mean) return weights;
    const double sigma = span / 8.0, middle = (span - 1) / 2.0;
    for (int i = 0; i < span; i++) weights[size_t(i)] = std::exp(-0.5 * (i - middle) * (i - middle) / (sigma * sigma));
    return weights;
}

}  // namespace

Blend::Blend(const RegionPlan &plan, BlendForm form, int classes)
    : page_(plan.tiles().page()), area_(plan.area()), span_(plan.tiles().span()),
      stride_(span_ - plan.tiles().overlap()), form_(weight_by_place(form, span_)), right_(classes, 0, 0),
      below_(classes, area_.width, plan.tiles().overlap()) {}

uint64_t Blend::kept_bytes(const TilePlan &tiles, int width, int classes) {
    const uint64_t below = uint64_t(width), right = 2 * uint64_t(tiles.span());  // the old columns and the new
    return uint64_t(tiles.overlap()) * (below + right) * uint64_t(classes) * sizeof(float);
}

// Along one axis: of the pixels from place `first` of a tile on, as shares of what all tiles over that pixel have. No
// tile is there before the page's begin, nor after the one that reaches its end.
std::vector<float> Blend::weights(int tile_begin, int first, int count, int page_end) const {
    std::vector<float> weights;
    weights.reserve(size_t(count));
    for (int place = first; place < first + count; place++) {
        double all = form_[size_t(place)];
        if (tile_begin > 0 && place + stride_ < span_) all += form_[size_t(place + stride_)];
        if (tile_begin + span_ < page_end && place >= stride_) all += form_[size_t(place - stride_)];
        weights.push_back(float(form_[size_t(place)] / all));
    }
    return weights;
}

Pixels Blend::weigh(const TileSpot &spot, const Pixels &probabilities, Rect part) const {
    const Rect &cover = spot.cover;
    const std::vector<float> columns = weights(cover.x - part.x, part.x, part.width, page_.width),
                             rows = weights(cover.y - part.y, part.y, part.height, page_.height);
    Pixels share(probabilities.channels, part.width, part.height);
    for (int y = 0; y < part.height; y++) {
        const float *from = &probabilities(0, part.x, part.y + y);
        float *to = share.row(y);
        for (const float column : columns) {
            const float weight = column * rows[size_t(y)];
            for (int k = 0; k < share.channels; k++) *to++ = weight * *from++;
        }
    }
    return share;
}

void Blend::add(const TileSpot &spot, Pixels &share) {
    take(spot, share);
    keep(spot, share);
    // Weights are rounded: their sum may be a little more than 1.
    for (float &value : share.values) value = std::min(value, 1.0f);
}

void Blend::take(const TileSpot &spot, Pixels &share) {
    const auto add_row = [](float *to, const float *from, size_t count) {
        for (size_t i = 0; i < count; i++) to[i] += from[i];
    };
    // The last tile of a row leaves nothing to its right.
    if (right_.width == 0) rows_above_ = rows_kept_;
    const int left = right_.width, x = spot.cover.x - area_.x;
    const size_t shared = size_t(left) * share.channels, others = size_t(share.width - left) * share.channels;
    for (int y = 0; y < share.height; y++) {
        if (left > 0) add_row(share.row(y), right_.row(y), shared);
        // Where the tile to the left has been, its sums hold those from above.
        if (y < rows_above_) add_row(share.row(y) + shared, below_.row(y) + below_.index(0, x + left, 0), others);
    }
}

void Blend::keep(const TileSpot &spot, const Pixels &share) {
    const int first = spot.write.width, right = share.width - first;
    right_ = Pixels(share.channels, right, right > 0 ? share.height : 0);
    for (int y = 0; y < right_.height; y++)
        std::copy(share.row(y) + share.index(0, first, 0), share.row(y + 1), right_.row(y));
    rows_kept_ = share.height - spot.write.height;
    const size_t x = below_.index(0, spot.cover.x - area_.x, 0);
    for (int y = 0; y < rows_kept_; y++)
        std::copy(share.row(spot.write.height + y), share.row(spot.write.height + y + 1), below_.row(y) + x);
}

}  // namespace unet
