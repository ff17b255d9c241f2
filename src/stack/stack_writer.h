// Writing TIFF stacks band by band, in memory that does not depend on the page's height.
#pragma once
#include "src/stack/stored_band.h"
#include "src/stack/tiff_layout.h"
#include <functional>
#include <map>
#include <optional>

namespace unet {

/// Rows [y, y + rows) of one page, all planes: bytes of plane 0 row by row, then plane 1, ...
struct Band {
    int page = 0, y = 0, rows = 0;
    std::vector<uint8_t> bytes;  ///< planes * rows * width samples of the stack's type, host byte order
};

/// Bands [first, end) of a stack, counted through its pages from top to bottom.
struct BandRange {
    int64_t first = 0, end = 0;
    bool operator==(const BandRange &) const = default;
};

/// How far a file has come: its bands before `next` are there, and take the bytes before `end`.
struct WriterProgress {
    int64_t next = 0;
    uint64_t end = 0;
};

struct WriterOptions {
    TileStorage storage = TileStorage::deflate;
    std::optional<BandRange> bands = {};          ///< the others stay empty; all without it
    bool shared = false;                          ///< other programs write other bands into the same `path`.part
    bool resumable = false;                       ///< an unfinished `path`.part stays
    std::function<void()> when_opened = {};       ///< called when no other run can write the file, before it changes
    std::optional<WriterProgress> progress = {};  ///< go on with the `path`.part that is there
};

/// A BigTIFF of 512 x 512 tiles, deflate or plain, planes separate. Written to `path`.part and renamed by `finish`.
///
/// `metadata` goes into the file as key and value (model hash, version, ...); nothing else that could differ between
/// equal results does: no date, host or path. Throws Error: data when a TIFF cannot hold so many pages, cannot_create
/// when the file cannot be created, io when writing fails (disk full), internal when bands come out of order.
class StackWriter {
public:
    StackWriter(const std::filesystem::path &path, const StackShape &shape,
                const std::map<std::string, std::string> &metadata = {}, const WriterOptions &options = {});
    ~StackWriter();

    /// Bands come page by page, from top to bottom; all but a page's last have `band_rows` rows. Returns a checksum of
    /// what the band has become in the file: its tiles, plane by plane, as they are stored.
    uint64_t append(const Band &band);
    /// The next band as another file of the same shape and storage holds it.
    void append(const StoredBand &band);
    WriterProgress progress() const;
    /// Returns when all that was written is on the disk.
    void flush();
    /// Verifies that all bands are there, flushes, renames; a shared file keeps its temporary name.
    void finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Throws Error(data) when a TIFF cannot hold so many pages.
void check_page_count(const std::string &name, int pages);

/// Writes whole pages in memory as one stack: for small outputs and tests. `pages` are equal in size.
template<class T>
void write_stack(const std::filesystem::path &path, const std::vector<Array<T>> &pages, const VoxelSize &voxel = {});

}  // namespace unet
