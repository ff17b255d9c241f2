#include "pipeline/output_path.h"
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

void check_output(const std::filesystem::path &output, const std::vector<std::filesystem::path> &inputs) {
    if (output == "-") return;
    if (output.empty()) throw Error(Exit::usage, "the output has no name; name a file");
    std::error_code absent;
    for (const std::filesystem::path &input : inputs)
        if (std::filesystem::equivalent(input, output, absent))
            throw Error(Exit::cannot_create, output.string() + ": is an input too; choose another output");
}

}  // namespace unet
