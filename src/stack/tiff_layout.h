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

/// Offset and size of a tile in the file, in bytes.
struct TilePlace {
    uint64_t offset = 0, bytes = 0;
};

/// A little-endian BigTIFF of 512 x 512 tiles, planes separate, one directory a page, all directories in front.
///
/// The bytes before the tiles depend on the shape, the description and the storage alone, but for the places of
/// deflated tiles: those are written where `places` says, zeros before. libtiff puts each directory behind its page's
/// tiles, so that a page half written could not be gone on with; hence directories of our own, which libtiff reads back
/// (verify in src/stack/stack_writer.h). Pure arithmetic; owns no file.
class TiffLayout {
public:
    /// `description` is that of the first page. Throws Error(internal) for a stack without pixels.
    TiffLayout(const StackShape &shape, const std::string &description, TileStorage storage);

    const StackShape &shape() const { return shape_; }
    TileStorage storage() const { return storage_; }
    int tiles_across() const { return across_; }
    int bands_per_page() const { return down_; }
    int64_t bands() const { return int64_t(down_) * shape_.pages; }
    int64_t tiles_per_page() const { return int64_t(across_) * down_ * shape_.samples; }
    uint64_t tile_bytes() const;  ///< of an uncompressed tile
    /// Number of a tile within its page, `column` and `row` counted in tiles.
    int64_t tile(int plane, int row, int column) const { return (int64_t(plane) * down_ + row) * across_ + column; }

    std::vector<uint8_t> prologue() const;           ///< the file's first bytes: header, and values that pages share
    std::vector<uint8_t> directory(int page) const;  ///< the bytes from directory_offset(page) on
    uint64_t directory_offset(int page) const;
    uint64_t data_begin() const { return data_begin_; }  ///< where tiles begin
    TilePlace plain_tile(int page, int64_t tile) const;  ///< of plain storage
    uint64_t plain_end() const { return plain_tile(shape_.pages, 0).offset; }

    /// Where the file says where tiles are: `offset` is the position of the 64-bit offset of `tile`, `bytes` that of
    /// its size. Those of the tiles that follow in the page come right behind.
    TilePlace place_entries(int page, int64_t tile) const;

private:
    uint64_t entries(int page) const { return common_entries_ + (page == 0); }
    uint64_t directory_bytes(int page) const;
    uint64_t tables_bytes() const;

    StackShape shape_;
    std::string description_;
    TileStorage storage_;
    int across_, down_;
    uint64_t common_entries_;
    uint64_t bits_at_, extra_at_, formats_at_, software_at_, description_at_, first_directory_, data_begin_;
};

}  // namespace unet
