#include "src/stack/unpack.h"
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace unet {

namespace {

struct Half {
    uint16_t bits;
};

struct Triple {
    uint8_t bytes[3];
};

/// IEEE 754 binary16 to binary32, exactly.
float to_float(Half half) {
    const uint32_t sign = uint32_t(half.bits & 0x8000) << 16, exponent = half.bits >> 10 & 31,
                   fraction = half.bits & 1023;
    if (exponent == 0) return (sign ? -1.f : 1.f) * std::ldexp(float(fraction), -24);
    const uint32_t widened = exponent == 31 ? 255 : exponent + 112;
    return std::bit_cast<float>(sign | widened << 23 | fraction << 13);
}

/// The number a stored sample stands for.
template<class T>
auto value_of(T sample) {
    if constexpr (std::is_same_v<T, Half>) return to_float(sample);
    else if constexpr (std::is_same_v<T, Triple>)
        return uint32_t(sample.bytes[0]) | uint32_t(sample.bytes[1]) << 8 | uint32_t(sample.bytes[2]) << 16;
    else return sample;
}

/// `bits` (at most 32) bits at bit `at`, highest bit first.
uint32_t packed_number(const uint8_t *row, uint64_t at, unsigned bits) {
    uint64_t value = 0;
    const uint64_t first = at / 8, last = (at + bits - 1) / 8;
    for (uint64_t byte = first; byte <= last; byte++) value = value << 8 | row[byte];
    const uint64_t surplus = (last + 1) * 8 - (at + bits);
    return uint32_t(value >> surplus & ((uint64_t(1) << bits) - 1));
}

/// Calls put(i, number) for samples first + i until it returns false; returns how many it took.
template<class T, class Put>
uint64_t each(const uint8_t *row, uint64_t first, uint64_t count, Put put) {
    const uint8_t *at = row + first * sizeof(T);
    for (uint64_t i = 0; i < count; i++, at += sizeof(T)) {
        T sample;
        std::memcpy(&sample, at, sizeof(T));
        if (!put(i, value_of(sample))) return i;
    }
    return count;
}

template<class Put>
uint64_t each_packed(const uint8_t *row, unsigned bits, uint64_t first, uint64_t count, Put put) {
    for (uint64_t i = 0; i < count; i++)
        if (!put(i, packed_number(row, (first + i) * bits, bits))) return i;
    return count;
}

/// PageLayout::type() names the combinations there are.
template<class Put>
uint64_t each_sample(const uint8_t *row, Packing packing, uint64_t first, uint64_t count, Put put) {
    const bool is_signed = packing.format == NumberFormat::signed_integer;
    if (packing.format == NumberFormat::floating) {
        if (packing.bits == 16) return each<Half>(row, first, count, put);
        return packing.bits == 32 ? each<float>(row, first, count, put) : each<double>(row, first, count, put);
    }
    switch (packing.bits) {
    case 8: return is_signed ? each<int8_t>(row, first, count, put) : each<uint8_t>(row, first, count, put);
    case 16: return is_signed ? each<int16_t>(row, first, count, put) : each<uint16_t>(row, first, count, put);
    case 24: return each<Triple>(row, first, count, put);
    case 32: return is_signed ? each<int32_t>(row, first, count, put) : each<uint32_t>(row, first, count, put);
    case 64: return is_signed ? each<int64_t>(row, first, count, put) : each<uint64_t>(row, first, count, put);
    default: return each_packed(row, packing.bits, first, count, put);
    }
}

/// Stores `number` as id, or returns false when it is none.
template<class T>
bool to_id(T number, uint32_t &id) {
    constexpr uint32_t largest = std::numeric_limits<uint32_t>::max();
    if constexpr (std::is_floating_point_v<T>) {
        if (!(number >= 0 && double(number) <= largest && std::floor(number) == number)) return false;
    } else {
        if (number < 0 || uint64_t(number) > largest) return false;
    }
    id = uint32_t(number);
    return true;
}

}  // namespace

void unpack(const uint8_t *row, Packing packing, uint64_t first, uint64_t count, float *out, uint64_t stride) {
    each_sample(row, packing, first, count, [=](uint64_t i, auto number) {
        out[i * stride] = float(number);
        return true;
    });
}

uint64_t unpack_ids(const uint8_t *row, Packing packing, uint64_t first, uint64_t count, uint32_t *out) {
    return each_sample(row, packing, first, count, [=](uint64_t i, auto number) { return to_id(number, out[i]); });
}

}  // namespace unet
