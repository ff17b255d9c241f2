// Where outputs go: their folders, and what must not be replaced.
#pragma once
#include <filesystem>
#include <vector>

namespace unet {

/// Makes `folder`, and those above it, where they are missing. Throws Error(cannot_create).
void make_folder(const std::filesystem::path &folder);

/// The folder that `file` is to lie in.
void make_folder_of(const std::filesystem::path &file);

/// Keeps inputs from being replaced by results. Throws Error(usage) when `output` has no name, Error(cannot_create)
/// when it is one of `inputs` by whatever path or link. "-" is stdout.
void check_output(const std::filesystem::path &output, const std::vector<std::filesystem::path> &inputs);

}  // namespace unet
