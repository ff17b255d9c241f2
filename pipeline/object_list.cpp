#include "pipeline/object_list.h"
#include "src/base/error.h"
#include <fmt/format.h>
#include <fstream>

namespace unet {

namespace {

bool is_measured(const VoxelSize &voxel, bool through_pages) {
    return voxel.x > 0 && voxel.y > 0 && (!through_pages || voxel.z > 0) && !voxel.unit.empty();
}

std::string header(const VoxelSize &voxel, bool through_pages) {
    const std::string &u = voxel.unit;
    std::string line = through_pages ? "id,voxels,x,y,slice,width,height,depth,centroid_x,centroid_y,centroid_slice"
                                     : "id,slice,pixels,x,y,width,height,centroid_x,centroid_y";
    if (is_measured(voxel, through_pages))
        line += through_pages ? fmt::format(",volume_{0}3,centroid_x_{0},centroid_y_{0},centroid_z_{0}", u)
                              : fmt::format(",area_{0}2,centroid_x_{0},centroid_y_{0}", u);
    return line + "\n";
}

std::string line_of(uint32_t number, const ObjectShape &shape, const VoxelSize &voxel, bool through_pages) {
    const auto mean = [&](uint64_t sum) { return double(sum) / double(shape.pixels); };
    const double x = mean(shape.sum_x), y = mean(shape.sum_y), z = mean(shape.sum_page);
    const int width = shape.x_end - shape.x, height = shape.y_end - shape.y, depth = shape.page_end - shape.page;
    std::string line = through_pages ? fmt::format("{},{},{},{},{},{},{},{},{:.3f},{:.3f},{:.3f}", number, shape.pixels,
                                                   shape.x, shape.y, shape.page, width, height, depth, x, y, z)
                                     : fmt::format("{},{},{},{},{},{},{},{:.3f},{:.3f}", number, shape.page,
                                                   shape.pixels, shape.x, shape.y, width, height, x, y);
    if (is_measured(voxel, through_pages)) {
        const double size = double(shape.pixels) * voxel.x * voxel.y * (through_pages ? voxel.z : 1);
        line += fmt::format(",{:.6g},{:.6g},{:.6g}", size, x * voxel.x, y * voxel.y);
        if (through_pages) line += fmt::format(",{:.6g}", z * voxel.z);
    }
    return line + "\n";
}

}  // namespace

void write_object_list(const std::filesystem::path &path, const VoxelSize &voxel, bool through_pages,
                       const std::function<void(const ObjectVisitor &)> &list) {
    std::ofstream file(path, std::ios::binary);
    if (!file) throw Error(Exit::cannot_create, path.string() + ": cannot be created; check the folder");
    file << header(voxel, through_pages);
    list([&](uint32_t number, const ObjectShape &shape) { file << line_of(number, shape, voxel, through_pages); });
    file.close();
    if (!file) throw Error(Exit::io, path.string() + ": cannot be written; is the disk full?");
}

}  // namespace unet
