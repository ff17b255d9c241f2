// TIFF directories as they stand in the file, read without libtiff.
//
// libtiff repairs what it can ("bogus StripByteCounts, ignoring and calculating"), which hides truncation. Here the raw
// entries are read, so that a file that holds too few bytes is refused, and every size is checked before libtiff sees
// it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// A file open for reading, with its TIFF header. Safe to share between threads.
/// Throws Error: no_input when it cannot be opened, data when it is no TIFF, io when the disk fails.
class TiffFile {
public:
    explicit TiffFile(const std::filesystem::path &path);
    TiffFile(const TiffFile &) = delete;
    TiffFile &operator=(const TiffFile &) = delete;
    ~TiffFile();

    const std::string &name() const { return name_; }
    uint64_t bytes() const { return bytes_; }
    bool big() const { return big_; }                ///< BigTIFF: 64-bit offsets
    bool big_endian() const { return big_endian_; }  ///< byte order of the file
    bool swapped() const { return big_endian_; }  ///< whether numbers must be swapped on this (little-endian) machine
    uint64_t first_directory() const { return first_directory_; }

    /// Reads up to `count` bytes; fewer only where the file ends.
    size_t read_some(uint64_t position, void *bytes, size_t count) const;
    /// Reads exactly `count` bytes. Throws Error(data) where the file ends before.
    void read(uint64_t position, void *bytes, size_t count) const;
    /// Unsigned number of 1, 2, 4 or 8 bytes in the file's byte order.
    uint64_t number(const uint8_t *bytes, size_t size) const;

private:
    std::string name_;
    int descriptor_ = -1;
    uint64_t bytes_ = 0, first_directory_ = 0;
    bool big_ = false, big_endian_ = false;
};

/// One entry of a directory: `count` values of `type`, the first at byte `position` of the file.
struct TiffEntry {
    uint16_t tag = 0, type = 0;
    uint64_t count = 0, position = 0;

    uint64_t bytes() const;  ///< of all values; saturates
};

struct TiffDirectory {
    uint64_t offset = 0, next = 0;  ///< next: offset of the following directory, 0 after the last
    std::vector<TiffEntry> entries;

    const TiffEntry *find(uint16_t tag) const;
    uint64_t value_bytes() const;  ///< of all entries; saturates
};

/// The directory at `offset`. Throws Error(data) when it does not lie inside the file.
TiffDirectory read_directory(const TiffFile &file, uint64_t offset);

/// Unsigned values of an entry, read piece by piece so that memory stays bounded whatever the count.
/// Throws Error(data) when the values do not lie inside the file or are no unsigned integers.
class TiffValues {
public:
    TiffValues(const TiffFile &file, const TiffEntry &entry);
    uint64_t count() const { return entry_.count; }
    uint64_t next();  ///< values in order; at most count() calls

private:
    const TiffFile &file_;
    TiffEntry entry_;
    size_t size_;
    uint64_t index_ = 0;
    std::vector<uint8_t> piece_;
    size_t used_ = 0;
};

}  // namespace unet
