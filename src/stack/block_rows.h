// Rows of a strip or tile, whether stored plainly or compressed.
#pragma once
#include "src/stack/tiff_handle.h"
#include <functional>

namespace unet {

/// A part of a block: columns [x, x + width) of rows [y, y + height), counted from the block's corner.
struct BlockPart {
    uint64_t block = 0;
    uint32_t x = 0, y = 0, width = 0, height = 0;
};

/// Takes one row: its bytes in host byte order, the index in it of the sample at column `part.x`, and the row within
/// the block.
using TakeRow = std::function<void(const uint8_t *row, uint64_t first_sample, uint32_t y)>;

constexpr uint64_t plain_piece_bytes = uint64_t(4) << 20;  ///< of an uncompressed block that are read at a time

/// A decoded block of the page, valid until the next call.
using DecodedBlock = std::function<const uint8_t *(uint64_t block)>;

/// Hands the rows of `part` to `take`. Compressed blocks come whole from `decoded`; of plain ones only the bytes needed
/// are read, a few MiB at a time, so a page may be one strip of any size. `shift`: see PagePlace. Throws DamagedBlock,
/// Error(data) when the file ends early, Error(io) when the disk fails.
void visit_rows(TiffHandle &handle, const PageLayout &page, uint64_t shift, const BlockPart &part,
                const DecodedBlock &decoded, const TakeRow &take);

}  // namespace unet
