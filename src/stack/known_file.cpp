#include "src/stack/known_file.h"
#include <algorithm>

namespace unet {

namespace {

constexpr uint64_t of_allocation = 16;  // bytes at most, beside what was asked for

}  // namespace

KnownFile::KnownFile(FileIndex file, std::shared_ptr<const PageLayout> usual)
    : path(file.path.string()), file_bytes(file.file_bytes), layout(std::move(usual)),
      directories(std::move(file.run.directories)), one_directory(file.one_directory) {
    if (!layout || *layout != file.run.layout) layout = std::make_shared<const PageLayout>(file.run.layout);
    path.shrink_to_fit();
    directories.shrink_to_fit();
}

PagePlace KnownFile::place(uint64_t page) const {
    if (one_directory) return {directories[0], page * layout->page_bytes()};
    return {directories[page], 0};
}

uint64_t KnownFile::bytes_held() const {
    return sizeof *this + path.capacity() + directories.capacity() * sizeof(uint64_t) + 2 * of_allocation;
}

uint64_t KnownFile::bytes_of_path() const {
    constexpr uint64_t of_part = 48;
    const auto parts = uint64_t(std::count(path.begin(), path.end(), '/')) + 1;
    return sizeof(std::filesystem::path) + 2 * (path.size() + of_allocation) + parts * (of_part + of_allocation);
}

}  // namespace unet
