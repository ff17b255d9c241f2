#include "src/base/float_buffer.h"
#include <algorithm>
#include <new>
#include <sys/mman.h>

namespace unet {

void *allocate_block(size_t bytes) {
    constexpr size_t alignment = 128, huge_page = size_t(2) << 20;
    const bool huge = bytes >= 2 * huge_page;
    const size_t border = huge ? huge_page : alignment;
    const size_t rounded = std::max<size_t>((bytes + border - 1) / border * border, border);
    if (rounded < bytes) return nullptr;
    void *block = std::aligned_alloc(border, rounded);
    if (block && huge) madvise(block, rounded, MADV_HUGEPAGE);  // a hint: it may fail
    return block;
}

FloatBuffer::FloatBuffer(size_t size)
    : size_(size), values_(static_cast<float *>(allocate_block(size * sizeof(float)))) {
    if (!values_) throw std::bad_alloc();
    std::fill_n(values_.get(), size, 0.0f);
}

}  // namespace unet
