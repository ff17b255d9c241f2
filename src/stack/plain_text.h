// Text out of a file, made safe to show.
#pragma once
#include <string>

namespace unet {

/// One line of printable text: control characters (line ends, terminal escapes) become spaces; at most 200 bytes.
inline std::string plain_text(std::string text) {
    constexpr size_t longest = 200;
    if (text.size() > longest) text.resize(longest);
    for (char &c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

}  // namespace unet
