// Writing TIFF stacks band by band, in memory that does not depend on the page's height.
#pragma once
#include "src/stack/band.h"
#include "src/stack/pyramid.h"
#include "src/stack/stored_band.h"
#include "src/stack/tiff_layout.h"
#include <functional>
#include <map>
#include <optional>

namespace unet {

/// How far a file has come: its bands before `next` are there, and take the bytes before `end`.
struct WriterProgress {
    int64_t next = 0;
    uint64_t end = 0;
};

struct WriterOptions {
    TileStorage storage = TileStorage::deflate;
    Pyramid pyramid = Pyramid::none;
    std::optional<BandRange> bands = {};          ///< the others stay empty; all without it
    bool shared = false;                          ///< other programs write other bands into the same `path`.part
    bool resumable = false;                       ///< an unfinished `path`.part stays
    std::function<void()> when_opened = {};       ///< called when no other run can write the file, before it changes
    std::optional<WriterProgress> progress = {};  ///< go on with the `path`.part that is there
};

/// A BigTIFF of 512 x 512 tiles, deflate or plain, a directory for each plane. Written to `path`.part and renamed by
/// `finish`, which makes the pyramid, too.
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
    /// Verifies that all bands are there, flushes, renames; a shared file keeps its temporary name, and its pyramid is
    /// left to the last. `band_done` is called for each band that has gone into the pyramid; it may throw.
    void finish(const std::function<void()> &band_done = {});

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Throws Error(data) when a TIFF cannot hold so many pages and planes.
void check_page_count(const std::string &name, const StackShape &shape);

/// Writes whole pages in memory as one stack: for small outputs and tests. `pages` are equal in size.
template<class T>
void write_stack(const std::filesystem::path &path, const std::vector<Array<T>> &pages, const VoxelSize &voxel = {});

}  // namespace unet
