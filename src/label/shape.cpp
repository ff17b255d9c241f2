#include "src/label/shape.h"
#include "src/base/sides.h"
#include "src/label/smooth.h"
#include "src/sample/nearest_ids.h"
#include "src/sample/pieces.h"
#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace unet {

namespace {

constexpr double least_rise = 1, least_rising_share = 0.2;  // pixels; of a peak's height

/// 1 outside, 0 inside. Pieces of the outside that do not reach the border of the image are holes, which are inside.
Ids outside_of(const Pixels &foreground, double threshold) {
    Ids outside(1, foreground.width, foreground.height);
    for (size_t i = 0; i < outside.values.size(); i++) outside.values[i] = !(foreground.values[i] > threshold);
    const Ids pieces = connected_components(outside, Touching::by_side);
    std::vector<bool> open(outside.values.size() + 1);
    const int right = outside.width - 1, bottom = outside.height - 1;
    for (int x = 0; x <= right; x++) open[pieces(x, 0)] = open[pieces(x, bottom)] = true;
    for (int y = 0; y <= bottom; y++) open[pieces(0, y)] = open[pieces(right, y)] = true;
    for (size_t i = 0; i < outside.values.size(); i++) outside.values[i] = pieces.values[i] && open[pieces.values[i]];
    return outside;
}

/// How deep inside each pixel lies; 0 outside.
Pixels depth_of(const Ids &outside, double smoothing) {
    Pixels depth = nearest_ids(outside).first;
    const auto farthest = float(std::max(depth.width, depth.height));  // where there is no outside
    for (float &d : depth.values) d = std::min(d, farthest);
    depth = smoothed(depth, smoothing);
    for (size_t i = 0; i < depth.values.size(); i++)
        if (outside.values[i]) depth.values[i] = 0;
    return depth;
}

/// Basins around peaks, as they grow from the deepest pixels down.
class Basins {
public:
    explicit Basins(const Pixels &depth) : depth_(depth), basin_(depth.values.size(), none) {}

    Ids flood() {
        std::vector<uint32_t> order(depth_.values.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(),
                         [&](uint32_t a, uint32_t b) { return depth_.values[a] > depth_.values[b]; });
        for (const uint32_t pixel : order) {
            if (!(depth_.values[pixel] > 0)) break;
            add(pixel);
        }
        Ids objects(1, depth_.width, depth_.height);
        for (size_t i = 0; i < basin_.size(); i++) objects.values[i] = basin_[i] == none ? 0 : root(basin_[i]) + 1;
        return objects;
    }

private:
    static constexpr uint32_t none = ~0u;
    struct Basin {
        uint32_t part_of;  // itself, or what it was found to be part of
        float peak;
    };

    uint32_t root(uint32_t basin) {
        while (basins_[basin].part_of != basin)
            basin = basins_[basin].part_of = basins_[basins_[basin].part_of].part_of;
        return basin;
    }

    void add(uint32_t pixel) {
        const float depth = depth_.values[pixel];
        uint32_t deepest_side = none, highest = none;
        std::array<uint32_t, 4> met;
        size_t count = 0;
        const auto width = uint32_t(depth_.width);
        for_each_side(depth_, int(pixel % width), int(pixel / width), [&](int u, int v) {
            const auto side = uint32_t(depth_.index(0, u, v));
            if (basin_[side] == none) return;
            if (deepest_side == none || depth_.values[side] > depth_.values[deepest_side]) deepest_side = side;
            met[count++] = root(basin_[side]);
        });
        if (deepest_side == none) {
            basin_[pixel] = uint32_t(basins_.size());
            basins_.push_back({basin_[pixel], depth});
            return;
        }
        basin_[pixel] = basin_[deepest_side];
        for (size_t i = 0; i < count; i++)
            if (highest == none || basins_[met[i]].peak > basins_[highest].peak) highest = met[i];
        for (size_t i = 0; i < count; i++)
            if (met[i] != highest && is_shallow(basins_[met[i]].peak, depth)) basins_[met[i]].part_of = highest;
    }

    static bool is_shallow(double peak, double saddle) {
        return peak - saddle < std::max(least_rise, least_rising_share * peak);
    }

    const Pixels &depth_;
    std::vector<uint32_t> basin_;  // of each pixel
    std::vector<Basin> basins_;
};

}  // namespace

Ids parted_by_shape(const Pixels &foreground, double threshold, double smoothing) {
    const Pixels depth = depth_of(outside_of(foreground, threshold), smoothing);
    return Basins(depth).flood();
}

}  // namespace unet
