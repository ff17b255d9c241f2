#include "src/base/float_buffer.h"
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace unet {

namespace {

constexpr size_t alignment = 128, huge_page = size_t(2) << 20;
constexpr size_t large = 2 * huge_page;

std::atomic<size_t> held = 0, peak = 0;

void count(size_t bytes) {
    const size_t now = held += bytes;
    size_t most = peak;
    while (most < now && !peak.compare_exchange_weak(most, now)) {
    }
}

size_t rounded_up(size_t bytes, size_t multiple) { return (bytes + multiple - 1) / multiple * multiple; }

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
    if (bytes > SIZE_MAX - 2 * huge_page) return nullptr;
    if (bytes >= large) return map_pages(rounded_up(bytes, huge_page));
    return std::aligned_alloc(alignment, std::max(rounded_up(bytes, alignment), alignment));
}

void free_block(void *block, size_t bytes) {
    if (bytes >= large) munmap(block, rounded_up(bytes, huge_page));
    else std::free(block);
}

size_t FloatBufferCount::peak_bytes() { return peak; }
void FloatBufferCount::reset_peak() { peak = held.load(); }

FloatBuffer::FloatBuffer(size_t size) : size_(size) {
    if (size > SIZE_MAX / sizeof(float)) throw std::bad_alloc();
    const size_t bytes = size * sizeof(float);
    values_ = {static_cast<float *>(allocate_block(bytes)), Free{bytes}};
    if (!values_) throw std::bad_alloc();
    if (bytes < large) std::fill_n(values_.get(), size, 0.0f);
    count(bytes);
}

void FloatBuffer::Free::operator()(float *values) const {
    free_block(values, bytes);
    held -= bytes;
}

}  // namespace unet
