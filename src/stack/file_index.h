// The pages of one TIFF file, found once.
#pragma once
#include "src/stack/page_layout.h"
#include "src/stack/stack_metadata.h"
#include "src/stack/stored_bytes.h"
#include "src/stack/tiff_handle.h"
#include <filesystem>
#include <optional>
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
    int series = 1;              ///< images that OME-XML describes, or sizes and types of pages that were told apart
    std::string choice;          ///< which images there are to choose from, in words; "" when there is no doubt

    /// Of the pages, outermost first; empty where nobody says, or what is said is about other files too.
    std::vector<Axis> axes() const;
    /// Why the pages cannot be read as a stack and what to do, or "" when they can.
    std::string obstacle() const;
};

/// Walks the directories through `handle`, which stands anywhere afterwards. No pixel is read.
///
/// The pages are those of image `series` alone, as OME-XML numbers them, else as sizes and types of pages first appear;
/// without it those of the only image, in the order that OME-XML gives them, or all in the order of the file.
/// Throws Error: data for damaged directories, when the file holds fewer bytes than its pages need, and when OME-XML
/// says that there are several images and none was chosen; usage when there is no such series.
FileIndex index_file(TiffHandle &handle, const std::filesystem::path &path, std::optional<int> series = {});

}  // namespace unet
