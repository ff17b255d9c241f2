// What a stack keeps of each of its files.
#pragma once
#include "src/stack/file_index.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace unet {

/// Where a page is: its directory, and how far behind that directory's pixels its own begin (ImageJ's stacks of more
/// than 4 GB have one directory and all planes in a row after the first).
struct PagePlace {
    uint64_t directory = 0, shift = 0;
};

/// Where the pages of a file are, in less memory than a FileIndex: a stack may be many thousand files of a page each.
/// 30 000 of them took 81 MB to plan with each file's index, 65 with this and one list of paths fewer.
struct KnownFile {
    std::string path;
    uint64_t file_bytes = 0;
    std::shared_ptr<const PageLayout> layout;  ///< of the first page
    std::vector<uint64_t> directories;
    bool one_directory = false;

    /// `usual`: the layout of other files, or null; shared where it is this one's too.
    KnownFile(FileIndex file, std::shared_ptr<const PageLayout> usual);

    PagePlace place(uint64_t page) const;
    uint64_t bytes_held() const;     ///< in memory
    uint64_t bytes_of_path() const;  ///< as a std::filesystem::path, which keeps each folder's name apart
};

}  // namespace unet
