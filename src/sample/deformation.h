// Where the pixels of a training sample come from.
#pragma once
#include "src/base/random.h"
#include "src/base/rect.h"
#include "src/kernels/image.h"
#include <array>
#include <vector>

namespace unet {

struct DeformationOptions {
    bool flips_and_turns = true;
    double rotation = 180;  ///< degrees, either way; 0: none but quarter turns
    double scale = 0.1;     ///< sizes vary between 1 / (1 + scale) and 1 + scale
    double elastic = 10;    ///< standard deviation of the displacement at a node, pixels; Ronneberger et al. 2015
    int nodes = 3;          ///< along each side of a sample
};

/// A map from the pixels of a square sample to those of its page: about the sample's centre an affine map, then a
/// smooth displacement, then a step on one side of a line, as between the halves of a misaligned slice.
struct Deformation {
    using Point = std::array<double, 2>;  ///< x, y

    Point x_step{1, 0}, y_step{0, 1};  ///< page pixels to go for one pixel of the sample to the right, down
    int nodes = 1;
    std::vector<Point> displacements{{0, 0}};  ///< [nodes, nodes], page pixels; nodes lie evenly from edge to edge
    Point normal{0, 0};                        ///< of the line through the centre; 0: there is none
    Point step{0, 0};                          ///< page pixels, beyond the line

    /// Uniform: turn or flip, angle, logarithm of the scale; normal: displacements. Draws the same numbers whatever the
    /// options, but for the displacements, which have a stream of their own.
    static Deformation draw(Random &random, const DeformationOptions &options);
};

/// A deformation of some pixels of a sample, as the kernels augment_image and augment_labels take it.
struct Warp {
    using Table = Halide::Runtime::Buffer<float, 2>;
    Rect source;                             ///< of the page: the pixels that are read. May reach outside the page
    Table affine;                            ///< [3, 2]
    Halide::Runtime::Buffer<float, 3> grid;  ///< [nodes, nodes, 2]
    Table columns, rows;                     ///< [width, nodes], [height, nodes]; `rim` before 0 and after the last
    Vector cut, step;                        ///< [3], [2]
};

/// For the pixels `region` of a sample of `side` x `side` pixels whose first one lies, undeformed, at pixel (x, y) of
/// the page. `region` may reach outside the sample; displacements go on there as at its edge. `rim`: pixels around the
/// region that the kernel reads as well.
Warp warp_of(const Deformation &deformation, int side, int x, int y, Rect region, int rim = 0);

}  // namespace unet
