#include "pipeline/output_folder.h"
#include "src/base/error.h"

namespace unet {

void make_folder(const std::filesystem::path &folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw Error(Exit::cannot_create, folder.string() + ": cannot be made: " + failure.message());
}

void make_folder_of(const std::filesystem::path &file) {
    if (file.has_parent_path()) make_folder(file.parent_path());
}

}  // namespace unet
