// Which inputs become which outputs, of `segment` and `label`.
#pragma once
#include "src/base/paths.h"
#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// Files that are one stack (lists of channels one behind the other), and the names of its results: one per kind of
/// output.
struct StackFiles {
    std::vector<std::filesystem::path> inputs, outputs;
    int lists = 1;  ///< of inputs
};

/// Whether `output` names a folder: it ends in '/', or is one.
bool is_folder(const std::string &output);

/// One entry when `output` is a file: all inputs are one stack. One entry per input (of the first list, with those
/// beside it) when it is a folder (it ends in '/' or exists as one): DIR/<name of the input>.tif. Two or more `kinds`
/// go to <stem>.<kind>.tif each. Throws Error(usage) when two inputs would get one name.
std::vector<StackFiles> plan_files(const FileLists &inputs, const std::string &output,
                                   const std::vector<std::string> &kinds);

/// Makes the folders of the outputs, and throws Error(cannot_create) when an output exists and `overwrite` is not set,
/// or when it is one of the inputs.
void prepare_outputs(const std::vector<StackFiles> &files, bool overwrite);

}  // namespace unet
