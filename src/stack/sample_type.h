// The types of sample that a stack can hold.
#pragma once
#include <cstddef>

namespace unet {

enum class SampleType { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 };

constexpr size_t bytes_per_sample(SampleType type) {
    switch (type) {
    case SampleType::u8:
    case SampleType::i8: return 1;
    case SampleType::u16:
    case SampleType::i16: return 2;
    case SampleType::u32:
    case SampleType::i32:
    case SampleType::f32: return 4;
    case SampleType::u64:
    case SampleType::i64:
    case SampleType::f64: return 8;
    }
    return 0;
}

constexpr bool is_floating(SampleType type) { return type == SampleType::f32 || type == SampleType::f64; }

constexpr bool is_signed_integer(SampleType type) {
    return type == SampleType::i8 || type == SampleType::i16 || type == SampleType::i32 || type == SampleType::i64;
}

/// "u8", "i16", "f32", ...
constexpr const char *sample_type_name(SampleType type) {
    constexpr const char *names[] = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"};
    return names[int(type)];
}

}  // namespace unet
