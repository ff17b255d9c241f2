#include "src/kernels/scratch.h"
#include "src/base/float_buffer.h"
#include <algorithm>
#include <cstdlib>
#include <vector>

namespace unet {

namespace {

constexpr size_t header = 128;  // before what is handed out: keeps its border, and holds the capacity

size_t &capacity_of(void *block) { return *static_cast<size_t *>(block); }
bool smaller(void *a, void *b) { return capacity_of(a) < capacity_of(b); }

/// The blocks of one thread that are not in use.
class FreeBlocks {
public:
    ~FreeBlocks() {
        for (void *block : blocks_) std::free(block);
    }

    /// The smallest that is large enough; null when there is none, and then the largest is given up for the one to come.
    void *take(size_t bytes) {
        const auto fits = [&](void *block) { return capacity_of(block) >= bytes; };
        const auto best = std::find_if(blocks_.begin(), blocks_.end(), fits);
        if (best != blocks_.end()) {
            void *block = *best;
            blocks_.erase(best);
            return block;
        }
        if (!blocks_.empty()) {
            std::free(blocks_.back());
            blocks_.pop_back();
        }
        return nullptr;
    }

    void put(void *block) { blocks_.insert(std::upper_bound(blocks_.begin(), blocks_.end(), block, smaller), block); }

private:
    std::vector<void *> blocks_;  // by capacity
};

thread_local FreeBlocks free_blocks;

}  // namespace

void *take_scratch(size_t bytes) {
    if (bytes + header < bytes) return nullptr;
    void *block = free_blocks.take(bytes);
    if (!block) {
        block = allocate_block(bytes + header);
        if (!block) return nullptr;
        capacity_of(block) = bytes;
    }
    return static_cast<char *>(block) + header;
}

void release_scratch(void *pointer) {
    if (pointer) free_blocks.put(static_cast<char *>(pointer) - header);
}

}  // namespace unet
