#include "pipeline/output_path.h"
#include "src/base/error.h"
#include <optional>
#include <sys/stat.h>

namespace unet {

namespace {

std::optional<std::pair<uint64_t, uint64_t>> identity(const std::filesystem::path &file) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) return {};
    return std::pair<uint64_t, uint64_t>(facts.st_dev, facts.st_ino);
}

}  // namespace

void make_folder(const std::filesystem::path &folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) throw Error(Exit::cannot_create, folder.string() + ": cannot be made: " + failure.message());
}

void make_folder_of(const std::filesystem::path &file) {
    if (file.has_parent_path()) make_folder(file.parent_path());
}

void FileSet::add(const std::vector<std::filesystem::path> &files) {
    for (const std::filesystem::path &file : files)
        if (const auto id = identity(file)) files_.insert(*id);
}

bool FileSet::contains(const std::filesystem::path &file) const {
    const auto id = identity(file);
    return id && files_.contains(*id);
}

void check_output(const std::filesystem::path &output, const FileSet &inputs) {
    if (output == "-") return;
    if (output.empty()) throw Error(Exit::usage, "the output has no name; name a file");
    if (inputs.contains(output))
        throw Error(Exit::cannot_create, output.string() + ": is an input too; choose another output");
}

}  // namespace unet
