#include "src/base/paths.h"
#include "src/base/error.h"
#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <glob.h>
#include <iterator>

namespace unet {

namespace {

using Paths = std::vector<std::filesystem::path>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The run of digits that starts at `from`, without leading zeros.
std::string_view number_at(std::string_view text, size_t from, size_t &end) {
    end = from;
    while (end < text.size() && is_digit(text[end])) end++;
    while (from + 1 < end && text[from] == '0') from++;
    return text.substr(from, end - from);
}

/// Negative, zero or positive, as `a` comes before, beside or after `b` when runs of digits count as numbers.
int compare_naturally(std::string_view a, std::string_view b) {
    size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            const std::string_view number_a = number_at(a, i, i), number_b = number_at(b, j, j);
            if (number_a.size() != number_b.size()) return number_a.size() < number_b.size() ? -1 : 1;
            if (const int order = number_a.compare(number_b)) return order;
        } else {
            const auto byte_a = static_cast<unsigned char>(a[i++]), byte_b = static_cast<unsigned char>(b[j++]);
            if (byte_a != byte_b) return byte_a < byte_b ? -1 : 1;
        }
    }
    return int(i < a.size()) - int(j < b.size());
}

bool natural_path_less(const std::filesystem::path &a, const std::filesystem::path &b) {
    return natural_less(a.string(), b.string());
}

bool has_tiff_extension(const std::filesystem::path &path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    constexpr std::array known{".tif", ".tiff", ".btf", ".tf8"};
    return std::find(known.begin(), known.end(), extension) != known.end();
}

bool is_hidden(const std::filesystem::path &path) { return path.filename().string().starts_with('.'); }

Paths tiffs_in_folder(const std::filesystem::path &folder) {
    Paths files;
    std::error_code failure;
    std::filesystem::directory_iterator entries(folder, failure), end;
    while (!failure && entries != end) {
        std::error_code unreadable;
        const std::filesystem::path &path = entries->path();
        if (has_tiff_extension(path) && !is_hidden(path) && !std::filesystem::is_directory(path, unreadable))
            files.push_back(path);
        entries.increment(failure);
    }
    if (failure)
        throw Error(Exit::no_input,
                    folder.string() + ": the folder cannot be read: " + failure.message() + "; check its permissions");
    if (files.empty())
        throw Error(Exit::no_input, folder.string() + ": the folder holds no TIFF file (.tif, .tiff, .btf, .tf8); "
                                                      "name the folder that does");
    std::sort(files.begin(), files.end(), natural_path_less);
    return files;
}

bool is_pattern(const std::string &text) { return text.find_first_of("*?[") != std::string::npos; }

Paths files_matching(const std::string &pattern) {
    glob_t matches{};
    const int outcome = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &matches);
    Paths files;
    for (size_t i = 0; outcome == 0 && i < matches.gl_pathc; i++) {
        std::error_code unreadable;
        if (!std::filesystem::is_directory(matches.gl_pathv[i], unreadable)) files.emplace_back(matches.gl_pathv[i]);
    }
    ::globfree(&matches);
    if (files.empty()) throw Error(Exit::no_input, pattern + ": no file matches; check the folder and the pattern");
    std::sort(files.begin(), files.end(), natural_path_less);
    return files;
}

/// Files meant by one pattern that is no @list. What exists is taken literally, so names with brackets work.
Paths expand_one(const std::string &pattern) {
    std::error_code failure;
    const std::filesystem::file_status status = std::filesystem::status(pattern, failure);
    if (std::filesystem::is_directory(status)) return tiffs_in_folder(pattern);
    if (std::filesystem::exists(status)) return {pattern};
    if (is_pattern(pattern)) return files_matching(pattern);
    const bool missing = status.type() == std::filesystem::file_type::not_found;
    throw Error(Exit::no_input, missing
                                    ? pattern + ": no such file; check the path"
                                    : pattern + ": cannot be opened: " + failure.message() + "; check its permissions");
}

std::vector<std::string> lines_of(const std::string &list) {
    std::error_code ignored_error;
    std::ifstream file(list);
    if (!file || std::filesystem::is_directory(list, ignored_error))
        throw Error(Exit::no_input, list + ": the list of paths cannot be opened; check the path after the @");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
        if (!line.empty()) lines.push_back(line);
    }
    if (lines.empty()) throw Error(Exit::no_input, list + ": the list holds no path; write one path a line");
    return lines;
}

}  // namespace

bool natural_less(const std::string &a, const std::string &b) {
    const int order = compare_naturally(a, b);
    return order ? order < 0 : a < b;  // 01 and 1 are equal numbers; the bytes make the order total
}

std::vector<std::filesystem::path> expand_paths(const std::vector<std::string> &patterns) {
    Paths files;
    const auto add = [&](Paths more) {  // of a folder of many files there is one list
        if (files.empty()) files = std::move(more);
        else std::move(more.begin(), more.end(), std::back_inserter(files));
    };
    for (const std::string &pattern : patterns) {
        if (pattern.starts_with('@'))
            for (const std::string &line : lines_of(pattern.substr(1))) add(expand_one(line));
        else add(expand_one(pattern));
    }
    if (files.empty())
        throw Error(Exit::no_input, "no input file was given; name files, folders, patterns or @list.txt");
    return files;
}

Paths FileLists::first() const { return {files.begin(), files.begin() + std::ptrdiff_t(length())}; }

Paths FileLists::beside(size_t i) const {
    Paths beside;
    for (; i < files.size(); i += length()) beside.push_back(files[i]);
    return beside;
}

FileLists expand_lists(const std::vector<std::string> &patterns) {
    FileLists all{{}, 0};
    size_t length = 0;
    for (auto begin = patterns.begin();; ++begin) {
        const auto end = std::find(begin, patterns.end(), "+");
        const Paths list = expand_paths({begin, end});
        if (all.lists == 0) length = list.size();
        if (list.size() != length)
            throw Error(Exit::usage, "+ stands between " + std::to_string(length) + " and " +
                                         std::to_string(list.size()) +
                                         " files; channels are lists of equally many files");
        all.files.insert(all.files.end(), list.begin(), list.end());
        all.lists++;
        if (end == patterns.end()) return all;
        begin = end;
    }
}

}  // namespace unet
