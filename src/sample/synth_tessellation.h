// Space cut into cells: a Voronoi diagram of weighted, stretched sites in a warped space.
#pragma once
#include "src/base/array.h"
#include <functional>
#include <vector>

namespace unet {

struct Point {
    float x = 0, y = 0, z = 0;
};

/// A cell's seed. Its distance to a point at v from it is sqrt(|v|^2 - stretch (v . axis)^2) - radius: large radii make
/// round cells that push their neighbours away, a stretch near 1 makes a neurite along the axis.
struct Site {
    Point position, axis;  ///< the axis has length 1
    float stretch = 0;     ///< 1 - 1 / (length / width)^2, in [0, 1)
    float radius = 0;      ///< pixels; very negative where the lattice node has no cell
    uint64_t key = 0;      ///< random bits that decide the cell's further looks

    float distance(const Point &point) const;
    /// Gradient of the distance. Its length is at most 1.
    Point gradient(const Point &point) const;
};

/// Sites on the nodes of a lattice, for one plane z and everything that reaches it.
class Sites {
public:
    struct Rule {
        float pitch, pitch_z;                           ///< pixels between nodes
        float reach;                                    ///< pixels beyond which no site decides about a point
        bool flat;                                      ///< only the layer z = 0
        std::function<Site(int x, int y, int z)> site;  ///< of a node
    };
    /// For points within [-margin, size + margin) and the plane z.
    Sites(const Rule &rule, int size, float margin, float z);

    /// Indices of all sites within reach of the rectangle [low, high] of the plane.
    std::vector<uint32_t> within_reach(Point low, Point high) const;
    const Site &operator[](uint32_t index) const { return sites_[index]; }
    size_t size() const { return sites_.size(); }

private:
    struct Range {
        int first, count;
        Range(float low, float high, float pitch);
    };
    float pitch_, reach_;
    Range columns_, rows_, layers_;
    std::vector<Site> sites_;  // layers * rows * columns
};

/// No warp moves a pixel further along x or y.
constexpr float largest_warp = 30;

/// Moves each pixel before its cell is looked up, so that walls curve.
struct Bending {
    Pixels x, y;        ///< displacement in pixels
    Pixels x_dz, y_dz;  ///< its change per pixel of depth
};

/// What is known of each pixel, [1, size, size] each.
struct Tessellation {
    Array<uint32_t> owner;  ///< index of the nearest site
    Pixels depth;           ///< distance to the owner, negative inside its radius
    Pixels wall;            ///< in-plane distance to the nearest wall, pixels; corners are rounded
    Pixels tilt;            ///< how far that wall moves in-plane per pixel of depth; 0 for an upright wall
};

/// Looks every pixel of the plane z up. `rounding` is the radius of corners in pixels.
Tessellation tessellate(const Sites &sites, const Bending &warp, float z, float rounding);

/// The site nearest to `point` (in the warped space) and how much nearer it is than the second nearest.
struct Nearest {
    uint32_t site;
    float gap;
};
Nearest nearest_site(const Sites &sites, Point point);

}  // namespace unet
