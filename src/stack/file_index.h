// The pages of one TIFF file, found once.
#pragma once
#include "src/stack/page_layout.h"
#include "src/stack/stack_metadata.h"
#include "src/stack/stored_bytes.h"
#include "src/stack/tiff_handle.h"
#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// Pages of one kind, in file order.
struct PageRun {
    PageLayout layout;          ///< of the first page
    PageNotes notes;            ///< of the first page
    StoredBytes first;          ///< of the first page
    uint64_t stored_bytes = 0;  ///< of the strips or tiles of all pages
    std::vector<uint64_t> directories;
    std::string difference;  ///< first page that differs from page 0 in size or type, in words; "" when all agree
};

struct FileIndex {
    std::filesystem::path path;
    uint64_t file_bytes = 0;
    bool big = false, big_endian = false;
    uint64_t directories = 0;  ///< in the chain
    uint64_t auxiliary = 0;    ///< of these, smaller copies (pyramid levels, thumbnails) and masks: no pages
    std::string loop;          ///< where the chain leads back into itself, in words; "" when it ends as it should
    PageRun run;
    StackMetadata metadata;
    uint64_t pages = 0;
    bool one_directory = false;  ///< ImageJ's layout: all planes behind one directory

    /// Why the pages cannot be read as a stack and what to do, or "" when they can.
    std::string obstacle() const;
};

/// Walks the directories through `handle`, which stands anywhere afterwards. No pixel is read.
/// Throws Error(data) for damaged directories, and when the file holds fewer bytes than its pages need.
FileIndex index_file(TiffHandle &handle, const std::filesystem::path &path);

}  // namespace unet
