// Whether a file holds the bytes that a page's strips or tiles need.
#pragma once
#include "src/stack/page_layout.h"
#include "src/stack/tiff_directory.h"

namespace unet {

/// Where the pixels of a page lie.
struct StoredBytes {
    uint64_t bytes = 0;       ///< of all its blocks as stored
    uint64_t first = 0;       ///< offset of the first block
    bool contiguous = false;  ///< uncompressed, block after block without a gap
};

/// Reads the offsets and byte counts of all blocks of a page as they stand in the file.
///
/// Throws Error(data), starting with `where`, when blocks are missing, lie outside the file or, uncompressed, are
/// shorter than their pixels. Of compressed blocks only decoding tells. Takes 16 bytes of reading per block; memory
/// stays bounded.
StoredBytes check_stored_bytes(const TiffFile &file, const TiffDirectory &directory, const PageLayout &page,
                               const std::string &where);

}  // namespace unet
