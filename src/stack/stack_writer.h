// Writing TIFF stacks band by band, in memory that does not depend on the page's height.
#pragma once
#include "src/stack/stack_reader.h"
#include <map>

namespace unet {

constexpr int band_rows = 512;  ///< rows of a band: the unit of stitching and writing, and the height of an output tile

/// Rows [y, y + rows) of one page, all planes: bytes of plane 0 row by row, then plane 1, ...
struct Band {
    int page = 0, y = 0, rows = 0;
    std::vector<uint8_t> bytes;  ///< planes * rows * width samples of the stack's type, host byte order
};

/// A BigTIFF of 512 x 512 tiles, deflate, planes separate. Written to `path`.part and renamed by `finish`.
///
/// `metadata` goes into the file as key and value (model hash, version, ...); nothing else that could differ between
/// equal results does: no date, host or path. Throws Error: cannot_create when the file cannot be created, io when
/// writing fails (disk full), internal when bands come out of order.
class StackWriter {
public:
    StackWriter(const std::filesystem::path &path, const StackShape &shape,
                const std::map<std::string, std::string> &metadata = {});
    ~StackWriter();

    /// Bands come page by page, from top to bottom; all but a page's last have `band_rows` rows.
    void append(const Band &band);
    /// Verifies that all pages are complete, flushes, renames.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Writes whole pages in memory as one stack: for small outputs and tests. `pages` are equal in size.
template<class T>
void write_stack(const std::filesystem::path &path, const std::vector<Array<T>> &pages, const VoxelSize &voxel = {});

}  // namespace unet
