#include "src/sample/synth_tessellation.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace unet {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr int patch = 128, block = 16;  // candidates are thinned out twice: per patch, then per block of it

Point operator-(const Point &a, const Point &b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
float dot(const Point &a, const Point &b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
Point moved(const Bending &warp, int x, int y, float z) { return {x + warp.x(x, y), y + warp.y(x, y), z}; }

/// The three sites nearest to a point.
struct Three {
    uint32_t site[3] = {0, 0, 0};
    float distance[3] = {infinity, infinity, infinity};

    void insert(uint32_t index, float d) {
        if (d >= distance[2]) return;
        int rank = 2;
        for (; rank > 0 && d < distance[rank - 1]; rank--) {
            distance[rank] = distance[rank - 1];
            site[rank] = site[rank - 1];
        }
        distance[rank] = d;
        site[rank] = index;
    }
};

Three three_nearest(const Sites &sites, const std::vector<uint32_t> &candidates, const Point &point) {
    Three three;
    for (uint32_t index : candidates) three.insert(index, sites[index].distance(point));
    return three;
}

/// The rectangle that the pixels [x0, x1) x [y0, y1) are moved into.
struct Bounds {
    Point low, high;
    Bounds(const Bending &warp, int x0, int y0, int x1, int y1, float z)
        : low{infinity, infinity, z}, high{-infinity, -infinity, z} {
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++) {
                const Point p = moved(warp, x, y, z);
                low = {std::min(low.x, p.x), std::min(low.y, p.y), z};
                high = {std::max(high.x, p.x), std::max(high.y, p.y), z};
            }
    }
    Point centre() const { return {(low.x + high.x) / 2, (low.y + high.y) / 2, low.z}; }
    float radius() const { return std::sqrt(dot(high - low, high - low)) / 2; }
};

/// Those of `candidates` that may be among the three nearest anywhere in `bounds`. Distances have slope 1 at most.
std::vector<uint32_t> thin_out(const Sites &sites, const std::vector<uint32_t> &candidates, const Bounds &bounds) {
    const Point centre = bounds.centre();
    const float limit = three_nearest(sites, candidates, centre).distance[2] + 2 * bounds.radius();
    std::vector<uint32_t> kept;
    for (uint32_t index : candidates)
        if (sites[index].distance(centre) <= limit) kept.push_back(index);
    return kept;
}

/// The minimum of a and b, rounded off where they differ by less than k.
float rounded_minimum(float a, float b, float k) {
    const float h = std::max(k - std::abs(a - b), 0.0f);
    return std::min(a, b) - (k > 0 ? h * h / (4 * k) : 0);
}

/// Change of one displacement along x and y at a pixel.
struct Slope {
    float x, y;
    Slope(const Pixels &field, int x0, int y0) {
        const int left = std::max(x0 - 1, 0), right = std::min(x0 + 1, field.width - 1);
        const int top = std::max(y0 - 1, 0), bottom = std::min(y0 + 1, field.height - 1);
        x = right > left ? (field(right, y0) - field(left, y0)) / (right - left) : 0;
        y = bottom > top ? (field(x0, bottom) - field(x0, top)) / (bottom - top) : 0;
    }
};

/// Fills one pixel. The gap between the two smallest distances, divided by its slope in the plane, is the distance to
/// the wall.
void describe_pixel(Tessellation &result, const Sites &sites, const Bending &warp, const Three &near,
                    const Point &point, int x, int y, float rounding) {
    const float flattest = 0.1f;  // flatter gaps would make walls wider than cells
    const Point gap_slope = sites[near.site[1]].gradient(point) - sites[near.site[0]].gradient(point);
    const Slope along_x(warp.x, x, y), along_y(warp.y, x, y);
    const float slope_x = gap_slope.x * (1 + along_x.x) + gap_slope.y * along_y.x;
    const float slope_y = gap_slope.x * along_x.y + gap_slope.y * (1 + along_y.y);
    const float slope_z = gap_slope.z + gap_slope.x * warp.x_dz(x, y) + gap_slope.y * warp.y_dz(x, y);
    const float slope = std::max(std::sqrt(slope_x * slope_x + slope_y * slope_y), flattest);
    const float second = near.distance[1] - near.distance[0], third = near.distance[2] - near.distance[0];

    result.owner(x, y) = near.site[0];
    result.depth(x, y) = near.distance[0];
    result.wall(x, y) = rounded_minimum(second, third, rounding) / slope;
    result.tilt(x, y) = std::abs(slope_z) / slope;
}

}  // namespace

float Site::distance(const Point &point) const {
    const Point v = point - position;
    const float along = dot(v, axis);
    return std::sqrt(std::max(dot(v, v) - stretch * along * along, 0.0f)) - radius;
}

Point Site::gradient(const Point &point) const {
    const Point v = point - position;
    const float along = stretch * dot(v, axis);
    const float length = std::max(distance(point) + radius, 1e-6f);
    return {(v.x - along * axis.x) / length, (v.y - along * axis.y) / length, (v.z - along * axis.z) / length};
}

Sites::Range::Range(float low, float high, float pitch)
    : first(int(std::floor(low / pitch))), count(int(std::floor(high / pitch)) - first + 1) {}

Sites::Sites(const Rule &rule, int size, float margin, float z)
    : pitch_(rule.pitch), reach_(rule.reach), columns_(-margin - reach_, size + margin + reach_, pitch_),
      rows_(columns_), layers_(rule.flat ? Range(0, 0, 1) : Range(z - reach_, z + reach_, rule.pitch_z)) {
    sites_.reserve(size_t(layers_.count) * rows_.count * columns_.count);
    for (int k = 0; k < layers_.count; k++)
        for (int j = 0; j < rows_.count; j++)
            for (int i = 0; i < columns_.count; i++)
                sites_.push_back(rule.site(columns_.first + i, rows_.first + j, layers_.first + k));
}

std::vector<uint32_t> Sites::within_reach(Point low, Point high) const {
    const auto clip = [](Range wanted, const Range &held) {
        const int first = std::max(wanted.first, held.first);
        wanted.count = std::min(wanted.first + wanted.count, held.first + held.count) - first;
        wanted.first = first;
        return wanted;
    };
    const Range x = clip(Range(low.x - reach_, high.x + reach_, pitch_), columns_);
    const Range y = clip(Range(low.y - reach_, high.y + reach_, pitch_), rows_);
    std::vector<uint32_t> found;
    for (int k = 0; k < layers_.count; k++)
        for (int j = y.first; j < y.first + y.count; j++)
            for (int i = x.first; i < x.first + x.count; i++)
                found.push_back(
                    uint32_t((size_t(k) * rows_.count + (j - rows_.first)) * columns_.count + (i - columns_.first)));
    return found;
}

Tessellation tessellate(const Sites &sites, const Bending &warp, float z, float rounding) {
    const int size = warp.x.width;
    Tessellation result{Array<uint32_t>(1, size, size), Pixels(1, size, size), Pixels(1, size, size),
                        Pixels(1, size, size)};
    for (int patch_y = 0; patch_y < size; patch_y += patch)
        for (int patch_x = 0; patch_x < size; patch_x += patch) {
            const int patch_right = std::min(patch_x + patch, size), patch_bottom = std::min(patch_y + patch, size);
            const Bounds patch_bounds(warp, patch_x, patch_y, patch_right, patch_bottom, z);
            const auto near_patch =
                thin_out(sites, sites.within_reach(patch_bounds.low, patch_bounds.high), patch_bounds);
            for (int block_y = patch_y; block_y < patch_bottom; block_y += block)
                for (int block_x = patch_x; block_x < patch_right; block_x += block) {
                    const int right = std::min(block_x + block, size), bottom = std::min(block_y + block, size);
                    const auto near_block =
                        thin_out(sites, near_patch, Bounds(warp, block_x, block_y, right, bottom, z));
                    for (int y = block_y; y < bottom; y++)
                        for (int x = block_x; x < right; x++) {
                            const Point point = moved(warp, x, y, z);
                            describe_pixel(result, sites, warp, three_nearest(sites, near_block, point), point, x, y,
                                           rounding);
                        }
                }
        }
    return result;
}

Nearest nearest_site(const Sites &sites, Point point) {
    const Three three = three_nearest(sites, sites.within_reach(point, point), point);
    return {three.site[0], three.distance[1] - three.distance[0]};
}

}  // namespace unet
