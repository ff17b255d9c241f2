// Temporaries of kernels.
#pragma once
#include <cstddef>
#include <vector>

namespace unet {

/// Memory for one temporary of a kernel, on a border of 128 bytes; null when there is none. Blocks that were released
/// are kept by the thread and handed out again, so that a layer costs no page faults from the second call on: with an
/// allocator that gives large blocks back to the system, the second pass of a width-32 network took a fifth longer than
/// the fifth.
void *take_scratch(size_t bytes);
void release_scratch(void *pointer);

/// Memory that somebody else has planned: while this lives, large temporaries of kernels that the current thread calls
/// lie in it as far as they fit.
class ScratchRegion {
public:
    static constexpr size_t least = size_t(1) << 16;  ///< bytes of a temporary that is large

    ScratchRegion(void *memory, size_t bytes);
    ~ScratchRegion();
    ScratchRegion(const ScratchRegion &) = delete;

private:
    friend void *take_scratch(size_t bytes);
    friend void release_scratch(void *pointer);

    struct Block {
        char *begin, *end;
    };

    void *take(size_t bytes);  // null when it does not fit
    bool release(void *pointer);

    char *begin_, *end_;
    std::vector<Block> blocks_;  // in use, by address
    ScratchRegion *outer_;
};

}  // namespace unet
