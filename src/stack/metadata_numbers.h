// Numbers as descriptions of stacks have them: perhaps none.
#pragma once
#include <charconv>
#include <cmath>
#include <string_view>

namespace unet {

template<class T>
T number_or(std::string_view text, T otherwise) {
    T value = otherwise;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

/// A size is a positive, finite number; all else means unknown.
inline double size_or_unknown(double value) { return std::isfinite(value) && value > 0 ? value : 0; }

}  // namespace unet
