// Folders that outputs go to.
#pragma once
#include <filesystem>

namespace unet {

/// Makes `folder`, and those above it, where they are missing. Throws Error(cannot_create).
void make_folder(const std::filesystem::path &folder);

/// The folder that `file` is to lie in.
void make_folder_of(const std::filesystem::path &file);

}  // namespace unet
