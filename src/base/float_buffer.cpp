#include "src/base/float_buffer.h"
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace unet {

namespace {

constexpr size_t alignment = 128, huge_page = size_t(2) << 20;
constexpr size_t large = 2 * huge_page;

// `bytes`, a multiple of huge_page, on a border of it, all 0; null when there is no memory.
void *map_pages(size_t bytes) {
    void *all = mmap(nullptr, bytes + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) return nullptr;
    char *const start = static_cast<char *>(all);
    const size_t before = (huge_page - uintptr_t(start) % huge_page) % huge_page;
    if (before) munmap(start, before);
    munmap(start + before + bytes, huge_page - before);
    madvise(start + before, bytes, MADV_HUGEPAGE);  // a hint: it may fail
    return start + before;
}

}  // namespace

void *allocate_block(size_t bytes) {
    const bool huge = bytes >= large;
    const size_t border = huge ? huge_page : alignment;
    const size_t rounded = std::max<size_t>((bytes + border - 1) / border * border, border);
    if (rounded < bytes) return nullptr;
    void *block = std::aligned_alloc(border, rounded);
    if (block && huge) madvise(block, rounded, MADV_HUGEPAGE);
    return block;
}

FloatBuffer::FloatBuffer(size_t size) : size_(size) {
    if (size > SIZE_MAX / sizeof(float) - 2 * huge_page) throw std::bad_alloc();
    const size_t bytes = size * sizeof(float);
    if (bytes >= large) {
        const size_t mapped = (bytes + huge_page - 1) / huge_page * huge_page;
        values_ = {static_cast<float *>(map_pages(mapped)), Free{mapped}};
    } else values_ = {static_cast<float *>(allocate_block(bytes)), Free{}};
    if (!values_) throw std::bad_alloc();
    if (bytes < large) std::fill_n(values_.get(), size, 0.0f);
}

void FloatBuffer::Free::operator()(float *values) const {
    if (mapped) munmap(values, mapped);
    else std::free(values);
}

}  // namespace unet
