// Random fields for synthetic images. Only + - * / and square roots are used, so that every x86-64 gives the same
// bytes.
#pragma once
#include "src/base/array.h"
#include "src/base/random.h"

namespace unet {

/// A name of at most 8 letters as a number: "walls"_purpose.
constexpr uint64_t operator""_purpose(const char *text, size_t length) {
    uint64_t packed = 0;
    for (size_t i = 0; i < length; i++) packed = packed << 8 | uint64_t(text[i]);
    return packed;
}

/// A seed of its own for each purpose, so that no two parts of an image share random numbers.
constexpr uint64_t subseed(uint64_t seed, uint64_t purpose) { return mix_bits(seed ^ mix_bits(purpose)); }

/// The random numbers that belong to the node (x, y, z) of a lattice without bounds; coordinates within +-2^20.
inline Random random_at(uint64_t seed, int x, int y, int z) {
    constexpr uint64_t mask = (1u << 21) - 1;
    return Random(seed, (uint64_t(x) & mask) << 42 | (uint64_t(y) & mask) << 21 | (uint64_t(z) & mask));
}

/// Nearly normal: the sum of four uniform numbers, scaled to variance 1, taken from one draw.
inline float roughly_normal(Random &random) {
    const uint64_t bits = random.bits();
    const int sum = int(bits & 0xffff) + int(bits >> 16 & 0xffff) + int(bits >> 32 & 0xffff) + int(bits >> 48);
    return float(sum - 2 * 0xffff) * (1.7320508f / 65536);  // the variance of the sum is 4 * 65536^2 / 12
}

/// The plane `z` of a smooth three-dimensional random field: random values on a lattice with `wavelength` pixels
/// between nodes, joined by cubic B-splines. Mean 0, variance about 1, nearly normal. All of x, y, z and wavelength in
/// pixels.
///
/// Returns [1, size, size]; a larger size only adds pixels.
Pixels smooth_noise(uint64_t seed, int size, double wavelength, double z);

/// Adds white noise of standard deviation `strength` to each pixel.
void add_grain(Pixels &pixels, uint64_t seed, float strength);

/// Blurs rows and columns with the weights [side, 1 - 2 side, side]; the border pixel is repeated.
void blur(Pixels &pixels, float side);

}  // namespace unet
