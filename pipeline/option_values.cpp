#include "pipeline/option_values.h"
#include "src/base/error.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <optional>

namespace unet {

namespace {

constexpr int largest = std::numeric_limits<int>::max();

[[noreturn]] void refuse(const std::string &fact) { throw Error(Exit::usage, fact); }

template<class T>
std::optional<T> whole_text_as(const std::string &text) {
    T value{};
    const char *const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, value);
    if (failure != std::errc() || stopped != end) return {};
    return value;
}

// The numbers between separators; nothing when one of them is no whole number or their count is not N.
template<size_t N>
std::optional<std::array<int, N>> integers(const std::string &text, char separator) {
    std::array<int, N> values{};
    size_t from = 0;
    for (size_t i = 0; i < N; i++) {
        const size_t to = i + 1 < N ? text.find(separator, from) : text.size();
        if (to == std::string::npos) return {};
        const auto value = whole_text_as<int>(text.substr(from, to - from));
        if (!value) return {};
        values[i] = *value;
        from = to + 1;
    }
    return values;
}

}  // namespace

int64_t parse_integer(const std::string &text, int64_t least, int64_t most) {
    const auto value = whole_text_as<int64_t>(text);
    if (!value) refuse("is not a whole number");
    if (*value < least || *value > most) refuse(fmt::format("must be {} to {}", least, most));
    return *value;
}

double parse_number(const std::string &text, double least, double most) {
    const auto value = whole_text_as<double>(text);
    if (!value || !std::isfinite(*value)) refuse("is not a number");
    if (*value < least || *value > most) refuse(fmt::format("must be {} to {}", least, most));
    return *value;
}

std::vector<std::string> parse_words(const std::string &text) {
    std::vector<std::string> words;
    for (size_t from = 0; from <= text.size();) {
        const size_t to = std::min(text.find(',', from), text.size());
        words.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return words;
}

std::vector<double> parse_numbers(const std::string &text, double least, double most) {
    std::vector<double> numbers;
    for (const std::string &word : parse_words(text)) numbers.push_back(parse_number(word, least, most));
    return numbers;
}

double parse_seconds(const std::string &text) {
    constexpr std::pair<char, double> units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
    double unit = 1;
    std::string number = text;
    for (const auto &[letter, seconds] : units)
        if (text.ends_with(letter)) {
            unit = seconds;
            number.pop_back();
        }
    const auto value = whole_text_as<double>(number);
    if (!value || !std::isfinite(*value) || *value <= 0) refuse("is not a time; write 90s, 20m or 1h");
    return *value * unit;
}

uint64_t parse_bytes(const std::string &text) {
    const std::string units = "KMGT";
    const size_t unit = text.empty() ? std::string::npos : units.find(char(std::toupper(text.back())));
    const double scale = unit == std::string::npos ? 1 : std::pow(1024.0, double(unit + 1));
    const std::string number = unit == std::string::npos ? text : text.substr(0, text.size() - 1);
    try {
        return uint64_t(parse_number(number, 0, 1e15 / scale) * scale);
    } catch (const Error &) {
        throw Error(Exit::usage, "must be an amount of memory: 2G, 500M");
    }
}

std::pair<int, int> parse_slices(const std::string &text) {
    const auto ends = integers<2>(text, ':');
    if (!ends || (*ends)[0] < 0 || (*ends)[1] <= (*ends)[0])
        refuse("is not a range of slices; write first:end, counted from 0, as in 0:20 for the first twenty");
    return {(*ends)[0], (*ends)[1]};
}

Rect parse_rect(const std::string &text) {
    const auto values = integers<4>(text, ',');
    if (!values) refuse("is not x,y,width,height in pixels, as in 0,0,512,512");
    const auto [x, y, width, height] = *values;
    if (x < 0 || y < 0 || width < 1 || height < 1 || x > largest - width || y > largest - height)
        refuse("must have x, y >= 0 and width, height >= 1");
    return {x, y, width, height};
}

bool parse_flag(const std::string &text) {
    for (const char *yes : {"", "true", "yes", "on", "1"})
        if (text == yes) return true;
    for (const char *no : {"false", "no", "off", "0"})
        if (text == no) return false;
    refuse("is neither true nor false");
}

}  // namespace unet
