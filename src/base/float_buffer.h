// Plain memory for kernels.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace unet {

/// `size` floats on a border of 64 bytes, one vector of AVX-512; all 0.
class FloatBuffer {
public:
    explicit FloatBuffer(size_t size) : size_(size), values_(allocate(size)) {}

    float *data() const { return values_.get(); }
    size_t size() const { return size_; }

private:
    struct Free {
        void operator()(float *values) const { std::free(values); }
    };

    static float *allocate(size_t size) {
        constexpr size_t alignment = 64;
        const size_t bytes = (size * sizeof(float) + alignment - 1) / alignment * alignment;
        auto *values = static_cast<float *>(std::aligned_alloc(alignment, std::max(bytes, alignment)));
        if (!values) throw std::bad_alloc();
        std::fill_n(values, bytes / sizeof(float), 0.0f);
        return values;
    }

    size_t size_;
    std::unique_ptr<float, Free> values_;
};

}  // namespace unet
