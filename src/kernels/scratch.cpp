#include "src/kernels/scratch.h"
#include "src/base/float_buffer.h"
#include <algorithm>
#include <vector>

namespace unet {

namespace {

constexpr size_t header = 128;  // before what is handed out: keeps its border, and holds the capacity

size_t &capacity_of(void *block) { return *static_cast<size_t *>(block); }
void give_back(void *block) { free_block(block, capacity_of(block) + header); }
bool smaller(void *a, void *b) { return capacity_of(a) < capacity_of(b); }

/// The blocks of one thread that are not in use.
class FreeBlocks {
public:
    ~FreeBlocks() {
        for (void *block : blocks_) give_back(block);
    }

    /// The smallest that is large enough; null when there is none, and then the largest is given up for the one to
    /// come.
    void *take(size_t bytes) {
        const auto fits = [&](void *block) { return capacity_of(block) >= bytes; };
        const auto best = std::find_if(blocks_.begin(), blocks_.end(), fits);
        if (best != blocks_.end()) {
            void *block = *best;
            blocks_.erase(best);
            return block;
        }
        if (!blocks_.empty()) {
            give_back(blocks_.back());
            blocks_.pop_back();
        }
        return nullptr;
    }

    void put(void *block) { blocks_.insert(std::upper_bound(blocks_.begin(), blocks_.end(), block, smaller), block); }

private:
    std::vector<void *> blocks_;  // by capacity
};

thread_local FreeBlocks free_blocks;
thread_local ScratchRegion *region = nullptr;  // the innermost

}  // namespace

ScratchRegion::ScratchRegion(void *memory, size_t bytes)
    : begin_(static_cast<char *>(memory)), end_(begin_ + bytes), outer_(region) {
    region = this;
}

ScratchRegion::~ScratchRegion() { region = outer_; }

// In the first gap that is large enough.
void *ScratchRegion::take(size_t bytes) {
    const size_t rounded = (bytes + header - 1) / header * header;
    char *begin = begin_;
    auto next = blocks_.begin();
    while (next != blocks_.end() && size_t(next->begin - begin) < rounded) begin = next++->end;
    if (size_t((next == blocks_.end() ? end_ : next->begin) - begin) < rounded) return nullptr;
    blocks_.insert(next, {begin, begin + rounded});
    return begin;
}

bool ScratchRegion::release(void *pointer) {
    const auto block =
        std::find_if(blocks_.begin(), blocks_.end(), [&](const Block &taken) { return taken.begin == pointer; });
    if (block == blocks_.end()) return false;
    blocks_.erase(block);
    return true;
}

void *take_scratch(size_t bytes) {
    if (bytes + header < bytes) return nullptr;
    if (region && bytes >= ScratchRegion::least)
        if (void *planned = region->take(bytes)) return planned;
    void *block = free_blocks.take(bytes);
    if (!block) {
        block = allocate_block(bytes + header);
        if (!block) return nullptr;
        capacity_of(block) = bytes;
    }
    return static_cast<char *>(block) + header;
}

void release_scratch(void *pointer) {
    for (ScratchRegion *r = region; r; r = r->outer_)
        if (r->release(pointer)) return;
    if (pointer) free_blocks.put(static_cast<char *>(pointer) - header);
}

}  // namespace unet
