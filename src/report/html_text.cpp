#include "src/report/html_text.h"
#include <algorithm>
#include <cstdint>

namespace unet {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// Bytes of the UTF-8 character at the start of `text`; 0 where there is none. `text` is not empty.
size_t character_bytes(std::string_view text) {
    const auto byte = [&](size_t i) { return i < text.size() ? uint8_t(text[i]) : 0u; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const size_t count = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 ? 4 : 0;
    if (count == 0 || first > 0xF4) return 0;
    for (size_t i = 1; i < count; i++)
        if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    const unsigned second = byte(1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool no_character = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    const bool unwritten = first == 0xEF && second == 0xBF && byte(2) > 0xBD;  // U+FFFE and U+FFFF
    return overlong || no_character || unwritten ? 0 : count;
}

std::string_view escape(char character) {
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t':
    case '\n': return " ";
    default: return uint8_t(character) < 0x20 || character == 0x7F ? replacement : std::string_view();
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string html;
    while (!text.empty()) {
        const size_t count = character_bytes(text);
        const std::string_view other = count == 0 ? replacement : escape(text.front());
        html += other.empty() ? text.substr(0, count) : other;
        text.remove_prefix(count == 0 ? 1 : count);
    }
    return html;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.size(); i += 3) {
        const size_t count = std::min<size_t>(3, bytes.size() - i);
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++) group = group << 8 | (k < count ? uint8_t(bytes[i + k]) : 0);
        for (size_t k = 0; k < 4; k++) text += k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

}  // namespace unet
