// Curves of many points, as a chart can show them.
#pragma once
#include <cstddef>
#include <vector>

namespace unet {

struct Point {
    double x = 0, y = 0;
    bool operator==(const Point &) const = default;
};

/// What a stretch of a curve reaches.
struct Span {
    double x = 0, least = 0, greatest = 0;
};

/// A curve of at most so many points: neighbours share one, in the middle of their x and with their mean. `spans` has
/// what they reach; it is empty where no points were joined.
struct ThinnedCurve {
    std::vector<Point> points;
    std::vector<Span> spans;
};

/// `points` in the order of their x; those whose y is no finite number are left out. `most` is at least 1.
ThinnedCurve thinned(const std::vector<Point> &points, size_t most);

/// Each y becomes the mean of itself and up to `reach` neighbours on either side; at the beginning, where losses fall,
/// no more behind than before it.
std::vector<Point> smoothed(const std::vector<Point> &points, size_t reach);

}  // namespace unet
