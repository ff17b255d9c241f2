// Where everything lies in a stack that we write: header and directories in front, tiles behind.
#pragma once
#include "src/stack/stack_reader.h"
#include <cstdint>
#include <string>
#include <vector>

namespace unet {

constexpr int band_rows = 512;  ///< rows of a band: the unit of stitching and writing, and the height of an output tile

/// The last one may have fewer rows.
constexpr int64_t bands_per_page(int height) { return (height - 1) / band_rows + 1; }

enum class TileStorage {
    deflate,  ///< compressed, one behind the other as they come
    plain     ///< uncompressed, each at an offset that follows from its number: many programs may write one file
};

/// Offset and size of tiles in the file, in bytes.
struct TilePlace {
    uint64_t offset = 0, bytes = 0;
};

/// A level of a page's pyramid: level 0 is the page, each next one half as wide and high, rounded up.
struct LevelSize {
    int width = 0, height = 0;

    int tiles_across() const { return (width - 1) / band_rows + 1; }
    int tiles_down() const { return int(unet::bands_per_page(height)); }
    int64_t tiles() const { return int64_t(tiles_across()) * tiles_down(); }
};

/// Tiles side by side in one plane of a page: what a band brings of that plane. `row` is counted in tiles.
struct TileRow {
    int page = 0, plane = 0, row = 0, level = 0;
};

/// A little-endian BigTIFF of 512 x 512 tiles, one directory for each plane of a page, all directories in front. With a
/// pyramid each has the smaller levels as subdirectories, down to the first of one tile.
///
/// The bytes before the tiles depend on the shape, the description, the storage and the levels alone, but for the
/// places of deflated tiles: those are written where `places` says, zeros before. libtiff puts each directory behind
/// its page's tiles, so that a page half written could not be gone on with; hence directories of our own, which libtiff
/// reads back (verify in src/stack/stack_writer.h). Planes have directories of their own because only such channels
/// have names that readers of OME-TIFF find (tests/interop). Pure arithmetic; owns no file.
class TiffLayout {
public:
    /// `description` is that of the first page. Throws Error(internal) for a stack without pixels.
    TiffLayout(const StackShape &shape, const std::string &description, TileStorage storage, bool pyramid = false);

    const StackShape &shape() const { return shape_; }
    TileStorage storage() const { return storage_; }
    int levels() const { return int(levels_.size()); }  ///< with the page itself
    const LevelSize &level(int number) const { return levels_[size_t(number)]; }
    int bands_per_page() const { return levels_.front().tiles_down(); }
    int64_t bands() const { return int64_t(bands_per_page()) * shape_.pages; }
    uint64_t tile_bytes() const;  ///< of an uncompressed tile

    std::vector<uint8_t> prologue() const;  ///< the file's first bytes: header, and values that directories share
    /// The bytes from directory_offset(page, plane) on: the plane's directory and those of its smaller levels.
    std::vector<uint8_t> directories(int page, int plane) const;
    uint64_t directory_offset(int page, int plane, int level = 0) const;
    uint64_t data_begin() const { return data_begin_; }  ///< where tiles begin
    TilePlace plain_tiles(TileRow row) const;            ///< of plain storage, where they lie one behind the other
    uint64_t plain_end() const;

    /// Where the file says where tiles are: `offset` is the position of the 64-bit offset of the row's first tile,
    /// `bytes` that of its size. Those of the other tiles come right behind.
    TilePlace place_entries(TileRow row) const;

private:
    int subdirectories(int level) const { return level == 0 ? levels() - 1 : 0; }
    uint64_t entries(int level, bool first) const;
    uint64_t tables_bytes(int level) const;
    uint64_t directory_bytes(int level, bool first) const;
    uint64_t all_directory_bytes(int levels, bool first) const;
    std::vector<uint8_t> directory(int page, int plane, int level) const;

    StackShape shape_;
    std::string description_;
    TileStorage storage_;
    std::vector<LevelSize> levels_;
    bool sized_;
    uint64_t software_at_, description_at_, first_directory_, data_begin_;
};

}  // namespace unet
