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

}  // namespace unet
