// What OME-XML, ImageJ's description and the resolution tags say about a stack: axes and voxel size.
#pragma once
#include "src/stack/axis.h"
#include "src/stack/ome_series.h"
#include "src/stack/tiff_handle.h"
#include "src/stack/voxel_size.h"
#include <cstdint>
#include <string>
#include <vector>

namespace unet {

struct StackMetadata {
    std::string source;  ///< "OME", "ImageJ" or "": who describes the axes
    VoxelSize voxel;
    std::vector<Axis> axes;         ///< of the pages, outermost first, without Y, X and S; empty when nobody tells
    uint64_t images = 0;            ///< planes ImageJ's description claims; 0 without one
    std::vector<OmeSeries> series;  ///< that OME-XML describes; voxel and axes are those of the first

    uint64_t planes() const;  ///< product of the axes' lengths; saturates
};

/// `page` is the first page: its samples are channels too where they are more than one. `directories`: see
/// parse_ome_series.
StackMetadata parse_metadata(const PageNotes &notes, const PageLayout &page, uint64_t directories = 0);

/// A unit of length as OME writes it ("µm", "nm", ...), from the spellings in use; "" when it is none.
std::string unit_name(const std::string &spelling);

/// Micrometres in one `unit` (an OME name); 0 when unknown.
double micrometres(const std::string &unit);

}  // namespace unet
