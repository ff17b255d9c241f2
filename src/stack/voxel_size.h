// The physical size of a voxel.
#pragma once
#include <string>

namespace unet {

/// Size of one voxel; 0 where the file does not say. `unit` is as OME writes it: "nm", "µm", "mm"; "" when unknown.
struct VoxelSize {
    double x = 0, y = 0, z = 0;
    std::string unit;
    bool operator==(const VoxelSize &) const = default;
};

}  // namespace unet
