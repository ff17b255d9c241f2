// Plain memory for kernels.
#pragma once
#include <cstddef>
#include <memory>

namespace unet {

/// `bytes` on a border of 128 bytes or more; blocks of several megabytes on huge pages where the system has them:
/// kernels walk through dozens of streams at a time, more than there are entries for small pages in a processor's
/// first-level TLB. Those are 0 and come straight from the system, to which they go back: the C library would keep
/// them, 50 MB after a step of width 64. Null when there is no memory.
void *allocate_block(size_t bytes);
void free_block(void *block, size_t bytes);  ///< `bytes`: as asked for

/// The memory of all FloatBuffers of the process.
struct FloatBufferCount {
    static size_t peak_bytes();  ///< the most since the start or reset_peak
    static void reset_peak();
};

/// `size` floats, all 0. Throws std::bad_alloc. Large ones come straight from the system, whose pages are 0 and are not
/// touched before their use: then by all threads, while one alone clears less than 1 GB a second on some virtual
/// machines.
class FloatBuffer {
public:
    explicit FloatBuffer(size_t size);

    float *data() const { return values_.get(); }
    size_t size() const { return size_; }

private:
    struct Free {
        size_t bytes;
        Free() : bytes(0) {}
        explicit Free(size_t bytes) : bytes(bytes) {}
        void operator()(float *values) const;
    };

    size_t size_;
    std::unique_ptr<float, Free> values_;
};

}  // namespace unet
