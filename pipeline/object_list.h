// The objects of a stack as a table.
#pragma once
#include "src/label/object_table.h"
#include "src/stack/voxel_size.h"
#include <filesystem>
#include <functional>

namespace unet {

using ObjectVisitor = std::function<void(uint32_t number, const ObjectShape &shape)>;

/// Writes a CSV: one line an object, with its number, pixels, bounds and the mean of its pixels'
/// positions (the first pixel of a page is 0), the same in physical units where they are known. `through_pages`:
/// objects have a depth. Throws Error: cannot_create, io.
void write_object_list(const std::filesystem::path &path, const VoxelSize &voxel, bool through_pages,
                       const std::function<void(const ObjectVisitor &)> &list);

}  // namespace unet
