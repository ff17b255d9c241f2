// Paths as users give them: files, folders, globs, @lists.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// Orders names as people do: digits compare by value, so s2.tif comes before s10.tif.
bool natural_less(const std::string &a, const std::string &b);

/// Files meant by `patterns`. A folder stands for its TIFF files (.tif, .tiff, .btf, .tf8, any case), a pattern with
/// * ? [ for its matches, @list.txt for the paths in it, one a line. Folders and globs come in natural order; the order
/// of `patterns` is kept.
/// Throws Error(no_input) for a missing file, an empty folder or a pattern without a match.
std::vector<std::filesystem::path> expand_paths(const std::vector<std::string> &patterns);

/// Lists of equally many files, one behind the other. Files at the same place of each are channels of one another.
struct FileLists {
    std::vector<std::filesystem::path> files;
    int lists = 1;

    size_t length() const { return files.size() / size_t(lists); }  ///< of each list
    std::vector<std::filesystem::path> first() const;               ///< the first list
    std::vector<std::filesystem::path> beside(size_t i) const;      ///< file `i` of every list
};

/// The same; a "+" among `patterns` begins the next list. Throws Error(usage) when lists differ in length.
FileLists expand_lists(const std::vector<std::string> &patterns);

}  // namespace unet
