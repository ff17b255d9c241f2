// Places of any size in memory that a disk lends.
#pragma once
#include "src/base/disk_memory.h"
#include <array>
#include <bit>
#include <vector>

namespace unet {

/// Places are powers of two in size; one that is given back is taken again by the next of its size.
class DiskHeap {
public:
    explicit DiskHeap(const std::filesystem::path &folder) : memory_(folder) {}

    /// Where `bytes` bytes may be kept; what stands there is of no meaning. Throws what DiskMemory::grow throws.
    uint64_t take(uint64_t bytes) {
        std::vector<uint64_t> &free = free_[size_class(bytes)];
        if (!free.empty()) {
            const uint64_t place = free.back();
            free.pop_back();
            return place;
        }
        const uint64_t place = end_, end = end_ + (uint64_t(1) << size_class(bytes));
        if (end > memory_.bytes()) memory_.grow(end);
        end_ = end;
        return place;
    }
    void give_back(uint64_t place, uint64_t bytes) { free_[size_class(bytes)].push_back(place); }
    /// Holds until the next `take`.
    char *at(uint64_t place) const { return static_cast<char *>(memory_.data()) + place; }

private:
    static size_t size_class(uint64_t bytes) { return size_t(std::bit_width((bytes > 64 ? bytes : 64) - 1)); }

    DiskMemory memory_;
    uint64_t end_ = 0;
    std::array<std::vector<uint64_t>, 65> free_;  // by size
};

}  // namespace unet
