#include "src/sample/synth_noise.h"
#include <algorithm>
#include <array>
#include <cmath>

namespace unet {

namespace {

using Taps = std::array<float, 4>;

/// Weights of the four nodes around a point at `t` in [0, 1) between the second and the third.
Taps spline_taps(float t) {
    const float s = 1 - t;
    return {s * s * s / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * s * s + 3 * s * s * s) / 6, t * t * t / 6};
}

/// Where a coordinate falls on the lattice: the first of its four nodes, and their weights.
struct Place {
    int node;
    Taps taps;
    explicit Place(double position) {
        const double cell = std::floor(position);
        node = int(cell) - 1;
        taps = spline_taps(float(position - cell));
    }
};

/// Lattice values already summed over z, [columns, rows]; node (0, 0) of the array is node (-1, -1) of the lattice.
Pixels summed_nodes(uint64_t seed, int nodes, double depth) {
    // The mean over all positions of the sum of squared taps is 151/315 in each dimension; uniform values have variance
    // 1/3.
    const double mean_square = 151.0 / 315 * (151.0 / 315) * (151.0 / 315) / 3;
    const float scale = float(1 / std::sqrt(mean_square));
    const Place place(depth);
    Pixels sums(1, nodes, nodes);
    for (int y = 0; y < nodes; y++)
        for (int x = 0; x < nodes; x++) {
            float sum = 0;
            for (int k = 0; k < 4; k++)
                sum += place.taps[k] * float(random_at(seed, x - 1, y - 1, place.node + k).uniform(-1, 1));
            sums(x, y) = scale * sum;
        }
    return sums;
}

}  // namespace

Pixels smooth_noise(uint64_t seed, int size, double wavelength, double z) {
    const int nodes = int((size - 1) / wavelength) + 4;
    const Pixels values = summed_nodes(seed, nodes, z / wavelength);
    std::vector<Place> columns;
    for (int x = 0; x < size; x++) columns.emplace_back(x / wavelength);

    Pixels noise(1, size, size);
    std::vector<float> line(nodes);
    for (int y = 0; y < size; y++) {
        const Place &row = columns[y];  // the page is square
        for (int i = 0; i < nodes; i++) {
            line[i] = 0;
            for (int k = 0; k < 4; k++) line[i] += row.taps[k] * values(i, row.node + 1 + k);
        }
        for (int x = 0; x < size; x++) {
            const float *node = line.data() + columns[x].node + 1;
            const Taps &taps = columns[x].taps;
            noise(x, y) = taps[0] * node[0] + taps[1] * node[1] + taps[2] * node[2] + taps[3] * node[3];
        }
    }
    return noise;
}

void add_grain(Pixels &pixels, uint64_t seed, float strength) {
    for (int y = 0; y < pixels.height; y++) {
        Random random(seed, uint64_t(y));
        float *row = pixels.row(y);
        for (int x = 0; x < pixels.width; x++) row[x] += strength * roughly_normal(random);
    }
}

void blur(Pixels &pixels, float side) {
    const int width = pixels.width, height = pixels.height;
    const float centre = 1 - 2 * side;
    std::vector<float> line(width);
    for (int y = 0; y < height; y++) {
        float *row = pixels.row(y);
        for (int x = 0; x < width; x++)
            line[x] = centre * row[x] + side * (row[std::max(x - 1, 0)] + row[std::min(x + 1, width - 1)]);
        std::copy(line.begin(), line.end(), row);
    }
    std::vector<float> above(pixels.row(0), pixels.row(0) + width);
    for (int y = 0; y < height; y++) {
        float *row = pixels.row(y);
        const float *below = pixels.row(std::min(y + 1, height - 1));
        for (int x = 0; x < width; x++) line[x] = centre * row[x] + side * (above[x] + below[x]);
        std::copy_n(row, width, above.begin());
        std::copy(line.begin(), line.end(), row);
    }
}

}  // namespace unet
