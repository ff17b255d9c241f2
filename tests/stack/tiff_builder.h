// BigTIFF files with any entries, right or wrong, byte by byte.
#pragma once
#include "tests/stack/support.h"
#include <cstring>

namespace unet::test {

struct BuiltEntry {
    uint16_t tag, type;
    uint64_t count, value;
};

constexpr uint16_t type_short = 3, type_long8 = 16;

/// A little-endian BigTIFF: header, then directories one behind the other, then whatever the caller appends.
class TiffBuilder {
public:
    TiffBuilder() : bytes_{'I', 'I', 43, 0, 8, 0, 0, 0} { put(16, 8); }

    /// Adds a directory; `next` is the offset of the following one, 0 for none.
    TiffBuilder &directory(const std::vector<BuiltEntry> &entries, uint64_t next = 0) {
        put(entries.size(), 8);
        for (const BuiltEntry &entry : entries) {
            put(entry.tag, 2);
            put(entry.type, 2);
            put(entry.count, 8);
            put(entry.value, 8);
        }
        put(next, 8);
        return *this;
    }
    TiffBuilder &append(size_t count, uint8_t value = 0) {
        bytes_.insert(bytes_.end(), count, value);
        return *this;
    }
    /// Where the next byte goes.
    uint64_t end() const { return bytes_.size(); }
    void write(const std::filesystem::path &path) const { put_bytes(path, bytes_); }

    static uint64_t directory_bytes(size_t entries) { return 8 + 20 * entries + 8; }

private:
    void put(uint64_t value, int size) {
        for (int i = 0; i < size; i++) bytes_.push_back(uint8_t(value >> 8 * i));
    }
    std::vector<uint8_t> bytes_;
};

/// Entries of a gray u8 page in one block: a strip, or a tile of the page's size.
inline std::vector<BuiltEntry> gray_page(uint64_t width, uint64_t height, uint64_t offset, uint64_t bytes,
                                         uint64_t compression = 1) {
    return {{256, type_long8, 1, width},       {257, type_long8, 1, height}, {258, type_short, 1, 8},
            {259, type_short, 1, compression}, {262, type_short, 1, 1},      {273, type_long8, 1, offset},
            {277, type_short, 1, 1},           {278, type_long8, 1, height}, {279, type_long8, 1, bytes}};
}

constexpr size_t gray_page_entries = 9;

}  // namespace unet::test
