#include "src/stack/describe.h"
#include "src/stack/file_index.h"

namespace unet {

namespace {

std::vector<Axis> axes_of(const FileIndex &file) {
    const PageLayout &page = file.run.layout;
    std::vector<Axis> axes;
    axes = file.axes();
    if (axes.empty() && file.pages > 1) axes = {{'I', file.pages}};
    if (page.samples > 1 && page.planar) axes.push_back({'S', page.samples});
    axes.push_back({'Y', page.height});
    axes.push_back({'X', page.width});
    if (page.samples > 1 && !page.planar) axes.push_back({'S', page.samples});
    return axes;
}

}  // namespace

FileDescription describe_file(const std::filesystem::path &path) {
    TiffHandle handle(path);
    const FileIndex file = index_file(handle, path);
    return {.path = path,
            .file_bytes = file.file_bytes,
            .stored_bytes = file.run.stored_bytes,
            .big = file.big,
            .big_endian = file.big_endian,
            .pages = file.pages,
            .directories = file.directories,
            .auxiliary = file.auxiliary,
            .one_directory = file.one_directory,
            .layout = file.run.layout,
            .voxel = file.metadata.voxel,
            .metadata = file.metadata.source,
            .axes = axes_of(file),
            .obstacle = file.obstacle()};
}

}  // namespace unet
