// Reading TIFF stacks of any size, region by region.
#pragma once
#include "src/base/array.h"
#include "src/base/rect.h"
#include "src/stack/axis.h"
#include "src/stack/sample_type.h"
#include "src/stack/voxel_size.h"
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace unet {

/// What all pages of a stack have in common.
struct StackShape {
    int width = 0, height = 0, samples = 0;  ///< samples = channels, interleaved or planar in the file
    int pages = 0;
    SampleType type = SampleType::u8;
    VoxelSize voxel;
    std::vector<std::string> channels = {};  ///< names of the samples in a stack to be written; reading leaves them out
    bool operator==(const StackShape &) const = default;
};

/// One or more TIFF files of equal page size and type, read as one stack of pages.
///
/// Opening walks the directories once and keeps their offsets; no pixel is read. A read fetches only the strips or
/// tiles that the region touches. Safe to call from several threads: each has its own handles. Throws Error: no_input
/// (missing, unreadable), data (not a TIFF, truncated, pages unequal, unsupported type), usage (no such series), io.
class StackReader {
public:
    /// `series`: of files that hold several images, this one, from 0.
    explicit StackReader(const std::vector<std::filesystem::path> &files, std::optional<int> series = {});
    StackReader(StackReader &&) noexcept;
    ~StackReader();

    const StackShape &shape() const;
    const std::string &name() const;  ///< the first file, for messages
    /// Axes of the pages of each file, outermost first, without those of length 1; empty unless all files say the same.
    const std::vector<Axis> &axes() const;
    /// Bytes that it takes to know where the pages are, with the list of paths that it was opened from.
    uint64_t index_bytes() const;
    /// Most bytes that one read keeps in memory beside what it returns.
    uint64_t decoding_bytes() const;

    /// Bytes of all blocks that a window of some size can touch, decoded; 0 where any part of one can be read by
    /// itself.
    uint64_t block_bytes(Size window) const;
    /// Keeps the blocks that were decoded last, up to so many bytes, for reads to come; at first none.
    void hold_blocks(uint64_t most_bytes);

    /// Pixels of `region`, which must lie inside the page: [samples, region.width, region.height].
    /// Integers become floats of the same value (above 2^24 rounded). Throws Error(data) naming file, page and pixel
    /// when a value is NaN or infinite.
    Pixels read(int page, Rect region) const;

    /// The same as exact integers, for label images with one sample. Throws Error(data) for negative or fractional
    /// values.
    Ids read_ids(int page, Rect region) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace unet
