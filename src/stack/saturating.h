// Arithmetic on numbers out of files that must not wrap around.
#pragma once
#include <cstdint>

namespace unet {

/// The largest number there is where the product is larger.
inline uint64_t saturating_product(uint64_t a, uint64_t b) {
    uint64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

}  // namespace unet
