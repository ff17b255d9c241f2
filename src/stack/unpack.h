// Samples as they lie in a decoded row become numbers.
#pragma once
#include "src/stack/page_layout.h"
#include <cstdint>

namespace unet {

/// How samples are packed in a row: side by side, 8, 16, 24, 32 and 64 bits in host byte order, other sizes bit by bit
/// with the highest bit first.
struct Packing {
    uint16_t bits = 8;
    NumberFormat format = NumberFormat::unsigned_integer;
};

/// Samples first .. first + count - 1 of `row` as floats, `stride` apart in `out`. Integers above 2^24 are rounded.
void unpack(const uint8_t *row, Packing packing, uint64_t first, uint64_t count, float *out, uint64_t stride);

/// The same as exact ids. Returns how many samples were ids before the first that is not: negative, fractional, NaN or
/// above 2^32 - 1; `count` when all were.
uint64_t unpack_ids(const uint8_t *row, Packing packing, uint64_t first, uint64_t count, uint32_t *out);

}  // namespace unet
