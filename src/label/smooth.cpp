#include "src/label/smooth.h"
#include "src/base/mirror.h"
#include <cmath>
#include <vector>

namespace unet {

namespace {

/// Weights of the pixels 0, 1, ... away; all together are 1.
std::vector<double> gaussian(double standard_deviation) {
    const int reach = int(std::ceil(3 * standard_deviation));
    std::vector<double> weights;
    double sum = 0;
    for (int i = 0; i <= reach; i++) {
        weights.push_back(i == 0 ? 1 : std::exp(-i * i / (2 * standard_deviation * standard_deviation)));
        sum += (i == 0 ? 1 : 2) * weights.back();
    }
    for (double &weight : weights) weight /= sum;
    return weights;
}

/// `at(i)` under the weights, around position `i` of a line of `length`.
template<class At>
float weighted(const std::vector<double> &weights, int i, int length, At at) {
    double sum = weights[0] * at(i);
    for (int step = 1; step < int(weights.size()); step++)
        sum += weights[size_t(step)] * (double(at(mirror(i - step, length))) + at(mirror(i + step, length)));
    return float(sum);
}

}  // namespace

Pixels smoothed(const Pixels &image, double standard_deviation) {
    if (standard_deviation == 0) return image;
    const std::vector<double> weights = gaussian(standard_deviation);
    Pixels rows(1, image.width, image.height), both(1, image.width, image.height);
    for (int y = 0; y < image.height; y++)
        for (int x = 0; x < image.width; x++)
            rows(x, y) = weighted(weights, x, image.width, [&](int u) { return image(u, y); });
    for (int y = 0; y < image.height; y++)
        for (int x = 0; x < image.width; x++)
            both(x, y) = weighted(weights, y, image.height, [&](int v) { return rows(x, v); });
    return both;
}

}  // namespace unet
