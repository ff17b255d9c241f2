#include "src/report/curve.h"
#include <algorithm>
#include <cmath>

namespace unet {

ThinnedCurve thinned(const std::vector<Point> &points, size_t most) {
    std::vector<Point> finite;
    std::copy_if(points.begin(), points.end(), std::back_inserter(finite),
                 [](const Point &point) { return std::isfinite(point.x) && std::isfinite(point.y); });
    if (finite.size() <= most) return {std::move(finite), {}};
    ThinnedCurve curve;
    for (size_t k = 0; k < most; k++) {
        const size_t first = k * finite.size() / most, last = (k + 1) * finite.size() / most;
        const double x = (finite[first].x + finite[last - 1].x) / 2;
        Span span{x, finite[first].y, finite[first].y};
        double sum = 0;
        for (size_t i = first; i < last; i++) {
            span.least = std::min(span.least, finite[i].y);
            span.greatest = std::max(span.greatest, finite[i].y);
            sum += finite[i].y;
        }
        curve.points.push_back({x, sum / double(last - first)});
        curve.spans.push_back(span);
    }
    return curve;
}

std::vector<Point> smoothed(const std::vector<Point> &points, size_t reach) {
    std::vector<double> sums{0};
    for (const Point &point : points) sums.push_back(sums.back() + point.y);
    std::vector<Point> smooth = points;
    for (size_t i = 0; i < points.size(); i++) {
        const size_t before = std::min(reach, i), behind = std::min(before, points.size() - 1 - i);
        smooth[i].y = (sums[i + behind + 1] - sums[i - before]) / double(before + 1 + behind);
    }
    return smooth;
}

}  // namespace unet
