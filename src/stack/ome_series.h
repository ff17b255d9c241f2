// The images (series) that the OME-XML of a file describes.
#pragma once
#include "src/stack/axis.h"
#include "src/stack/voxel_size.h"
#include <cstdint>
#include <string>
#include <vector>

namespace unet {

struct OmeSeries {
    std::vector<Axis> axes;  ///< of the pages, outermost first, without Y, X and S
    VoxelSize voxel;
    /// Directories of the planes in the order of `axes`, numbered along the chain of the file; empty where some of them
    /// are in other files, in none, or in no order that can be told.
    std::vector<uint64_t> directories;
};

/// `samples`: of a pixel of the first page; they are channels too where they are more than one. `directories` of the
/// file's chain. Empty when `description` is no OME-XML.
std::vector<OmeSeries> parse_ome_series(const std::string &description, int samples, uint64_t directories);

}  // namespace unet
