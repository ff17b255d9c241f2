// Values of options, from text.
#pragma once
#include "src/base/rect.h"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace unet {

// Each throws Error(usage) with the words that follow "--option TEXT: ".

/// A whole number in [least, most].
int64_t parse_integer(const std::string &text, int64_t least, int64_t most);

/// A finite number in [least, most].
double parse_number(const std::string &text, double least, double most);

/// "a,b": the words between commas; an empty one is kept.
std::vector<std::string> parse_words(const std::string &text);

/// "3,1": finite numbers in [least, most].
std::vector<double> parse_numbers(const std::string &text, double least, double most);

/// Seconds of "90s", "20m", "1.5h" or "600" (seconds).
double parse_seconds(const std::string &text);

/// Bytes of "2G", "1.5G", "500M", "800K" (powers of 1024) or "1000000".
uint64_t parse_bytes(const std::string &text);

/// Slices "a:b" = a to b-1, from 0: first and one past the last.
std::pair<int, int> parse_slices(const std::string &text);

/// "x,y,w,h" in pixels.
Rect parse_rect(const std::string &text);

/// Whether "true", "yes", "on", "1" or the opposite.
bool parse_flag(const std::string &text);

}  // namespace unet
