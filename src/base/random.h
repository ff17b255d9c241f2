// Random numbers as a pure function of (seed, stream, counter): the same on every machine, thread count and library.
#pragma once
#include <cstdint>

namespace unet {

/// The SplitMix64 finaliser (Steele, Lea, Flood 2014): a bijection that mixes all bits.
constexpr uint64_t mix_bits(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

/// A stream of random numbers decided by `seed` and `stream` (a sample index, say) alone.
class Random {
public:
    Random(uint64_t seed, uint64_t stream) : key_(mix_bits(mix_bits(seed + golden) ^ (stream * golden + 1))) {}

    uint64_t bits() { return mix_bits(key_ + golden * ++counter_); }
    /// Uniform in [0, 1), 53 bits.
    double uniform() { return double(bits() >> 11) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Uniform integer in [0, n), n > 0. The bias is below n / 2^64.
    uint64_t below(uint64_t n) { return uint64_t((static_cast<unsigned __int128>(bits()) * n) >> 64); }
    /// Standard normal, by Box and Muller.
    double normal();

private:
    static constexpr uint64_t golden = 0x9e3779b97f4a7c15ull;
    uint64_t key_, counter_ = 0;
};

}  // namespace unet
