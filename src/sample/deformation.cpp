#include "src/sample/deformation.h"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace unet {

namespace {

constexpr int turns = 8;  // flips and quarter turns of a square

Deformation::Point turned_about(Deformation::Point p, double sine, double cosine) {
    return {cosine * p[0] - sine * p[1], sine * p[0] + cosine * p[1]};
}

// How much each node counts at position `t` of a sample: cubic convolution (Keys 1981), the outermost nodes repeated.
std::vector<double> node_weights(double t, int side, int nodes) {
    std::vector<double> weights(size_t(nodes), 0.0);
    const double share = side > 1 ? std::clamp(t / (side - 1), 0.0, 1.0) : 0.5;
    const double at = share * (nodes - 1);
    const int first = std::clamp(int(at), 0, std::max(0, nodes - 2));
    const double f = at - first;
    const double of[] = {((-0.5 * f + 1) * f - 0.5) * f, (1.5 * f - 2.5) * f * f + 1, ((-1.5 * f + 2) * f + 0.5) * f,
                         (0.5 * f - 0.5) * f * f};
    for (int i = 0; i < 4; i++) weights[size_t(std::clamp(first + i - 1, 0, nodes - 1))] += of[i];
    return weights;
}

// Columns (or rows) of a region that begins at pixel `first` of the sample: [rim + length + rim, nodes] from -rim on.
Warp::Table node_table(int first, int length, int rim, int side, int nodes) {
    Warp::Table table(length + 2 * rim, nodes);
    table.set_min(-rim, 0);
    for (int t = -rim; t < length + rim; t++) {
        const std::vector<double> weights = node_weights(first + t, side, nodes);
        for (int node = 0; node < nodes; node++) table(t, node) = float(weights[size_t(node)]);
    }
    return table;
}

// The largest sum of absolute weights.
double largest_gain(const Warp::Table &table) {
    double largest = 0;
    for (int t = table.dim(0).min(); t <= table.dim(0).max(); t++) {
        double sum = 0;
        for (int node = 0; node < table.dim(1).extent(); node++) sum += std::abs(double(table(t, node)));
        largest = std::max(largest, sum);
    }
    return largest;
}

Vector vector_of(std::initializer_list<double> values) {
    Vector vector{int(values.size())};
    std::copy(values.begin(), values.end(), vector.begin());
    return vector;
}

}  // namespace

Deformation Deformation::draw(Random &random, const DeformationOptions &options) {
    const uint64_t turn = random.below(turns);
    const double angle = random.uniform(-1, 1) * options.rotation * std::numbers::pi / 180;
    const double scale = std::exp(random.uniform(-1, 1) * std::log1p(options.scale));
    Random shifts(random.bits(), 0);

    Deformation drawn;
    if (options.flips_and_turns) {  // bit 0 flips x, bit 1 flips y, bit 2 then swaps x and y
        const double across = turn & 1 ? -1 : 1, down = turn & 2 ? -1 : 1;
        drawn.x_step = turn & 4 ? Deformation::Point{0, down} : Deformation::Point{across, 0};
        drawn.y_step = turn & 4 ? Deformation::Point{across, 0} : Deformation::Point{0, down};
    }
    const double sine = std::sin(angle) * scale, cosine = std::cos(angle) * scale;
    drawn.x_step = turned_about(drawn.x_step, sine, cosine);
    drawn.y_step = turned_about(drawn.y_step, sine, cosine);
    if (options.elastic > 0) {
        drawn.nodes = options.nodes;
        drawn.displacements.resize(size_t(options.nodes) * size_t(options.nodes));
        for (Deformation::Point &shift : drawn.displacements)
            for (double &component : shift) component = options.elastic * shifts.normal();
    }
    return drawn;
}

Warp warp_of(const Deformation &deformation, int side, int x, int y, Rect region, int rim) {
    const double centre = (side - 1) / 2.0;
    const int nodes = deformation.nodes;
    Warp warp{
        .source = {},
        .affine = Warp::Table(3, 2),
        .grid = Halide::Runtime::Buffer<float, 3>(nodes, nodes, 2),
        .columns = node_table(region.x, region.width, rim, side, nodes),
        .rows = node_table(region.y, region.height, rim, side, nodes),
        .cut = vector_of({deformation.normal[0], deformation.normal[1],
                          deformation.normal[0] * (region.x - centre) + deformation.normal[1] * (region.y - centre)}),
        .step = vector_of({deformation.step[0], deformation.step[1]})};

    const double gain = largest_gain(warp.columns) * largest_gain(warp.rows);
    int first[2], last[2];
    for (int d = 0; d < 2; d++) {
        const double page = (d == 0 ? x : y) + centre;  // where the centre of the sample lies
        const auto at = [&](double column, double row) {
            return page + deformation.x_step[d] * (column - centre) + deformation.y_step[d] * (row - centre);
        };
        const double left = region.x - rim, right = region.x + region.width - 1 + rim;
        const double top = region.y - rim, bottom = region.y + region.height - 1 + rim;
        const auto [low, high] = std::minmax({at(left, top), at(right, top), at(left, bottom), at(right, bottom)});
        double most = 0;
        for (const Deformation::Point &shift : deformation.displacements) most = std::max(most, std::abs(shift[d]));
        const double reach = gain * most + 1e-3;  // and what single precision may add
        first[d] = int(std::floor(low - reach + std::min(0.0, deformation.step[d]))) - 1;  // interpolation reads one
        last[d] = int(std::floor(high + reach + std::max(0.0, deformation.step[d]))) + 2;  // before and two behind
        warp.affine(0, d) = float(deformation.x_step[d]);
        warp.affine(1, d) = float(deformation.y_step[d]);
        warp.affine(2, d) = float(at(region.x, region.y) - first[d]);
        for (int j = 0; j < nodes; j++)
            for (int i = 0; i < nodes; i++)
                warp.grid(i, j, d) = float(deformation.displacements[size_t(j * nodes + i)][d]);
    }
    warp.source = {first[0], first[1], last[0] - first[0] + 1, last[1] - first[1] + 1};
    return warp;
}

}  // namespace unet
