// What a TIFF file holds, for people and programs.
#pragma once
#include "src/stack/axis.h"
#include "src/stack/page_layout.h"
#include "src/stack/voxel_size.h"
#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// Facts about one TIFF file. Pages count from 0.
struct FileDescription {
    std::filesystem::path path;
    uint64_t file_bytes = 0, stored_bytes = 0;  ///< stored_bytes: of the strips or tiles of all pages
    bool big = false, big_endian = false;
    uint64_t pages = 0;
    uint64_t directories = 0;    ///< in the file's chain: pages and auxiliary ones
    uint64_t auxiliary = 0;      ///< smaller copies (pyramid levels, thumbnails) and masks, no pages
    bool one_directory = false;  ///< ImageJ's layout for stacks of more than 4 GB
    PageLayout layout;           ///< of page 0
    VoxelSize voxel;
    std::string metadata;    ///< who describes axes and voxel size: "OME", "ImageJ" or ""
    std::vector<Axis> axes;  ///< outermost first, with Y, X and S
    std::string obstacle;    ///< why the file cannot be used as a stack and what to do; "" when it can
};

/// Reads the directories of a file and checks that it holds the bytes they claim; decodes no pixel.
/// Throws Error: no_input (missing, unreadable), data (not a TIFF, damaged, truncated), io.
FileDescription describe_file(const std::filesystem::path &path);

}  // namespace unet
