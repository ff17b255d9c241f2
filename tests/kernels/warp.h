// Warps for kernel tests: the buffers, and the definition in double precision.
#pragma once
#include "tests/kernels/support.h"

namespace unet::test {

/// Moves and turns a W x H sample, `rim` pixels around it too, into a source; with a grid of displacements, and a step
/// beyond a line.
struct TestWarp {
    using Table = Halide::Runtime::Buffer<float, 2>;
    using Grid = Halide::Runtime::Buffer<float, 3>;
    int source_width, source_height;
    Table affine{3, 2};
    Grid grid;
    Table columns, rows;
    Vector cut{3}, step{2};

    TestWarp(int W, int H, int rim, int nodes, uint64_t seed)
        : source_width(W + 9), source_height(H + 7), grid(random(Grid(nodes, nodes, 2), seed)),
          columns(W + 2 * rim, nodes), rows(H + 2 * rim, nodes) {
        const float affine_values[] = {0.8f, -0.45f, 3.3f, 0.5f, 0.9f, -2.6f};
        std::copy(std::begin(affine_values), std::end(affine_values), affine.begin());
        columns.set_min(-rim, 0), rows.set_min(-rim, 0);
        random(columns, seed + 1), random(rows, seed + 2);
        const float cut_values[] = {0.3f, -0.7f, 0.01f}, step_values[] = {2.25f, -1.5f};
        std::copy(std::begin(cut_values), std::end(cut_values), cut.begin());
        std::copy(std::begin(step_values), std::end(step_values), step.begin());
    }

    /// Every pixel from `x`, `y` further.
    static TestWarp shifted(int W, int H, int rim, float x, float y) {
        TestWarp warp(W, H, rim, 1, 0);
        const float values[] = {1, 0, x, 0, 1, y};
        std::copy(std::begin(values), std::end(values), warp.affine.begin());
        warp.grid.fill(0), warp.cut.fill(0), warp.step.fill(0);
        return warp;
    }

    /// Where a pixel comes from; components x, y.
    double source(int x, int y, int d) const {
        double at = double(affine(0, d)) * x + double(affine(1, d)) * y + affine(2, d);
        for (int j = 0; j < grid.dim(1).extent(); j++)
            for (int i = 0; i < grid.dim(0).extent(); i++) at += double(columns(x, i)) * rows(y, j) * grid(i, j, d);
        return at + (beyond(x, y) > 0 ? step(d) : 0);
    }
    double beyond(int x, int y) const { return double(cut(0)) * x + double(cut(1)) * y + cut(2); }

    /// How far a position in single precision may lie from the true one.
    double position_error() const {
        const double nodes = grid.dim(0).extent();
        return rounding(nodes * nodes + 4) * (source_width + source_height + nodes * nodes);
    }
};

inline int clamped(int value, int size) { return std::clamp(value, 0, size - 1); }

}  // namespace unet::test
