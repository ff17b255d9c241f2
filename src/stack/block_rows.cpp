#include "src/stack/block_rows.h"
#include <algorithm>
#include <tiffio.h>
#include <vector>

namespace unet {

namespace {

void swap_samples(std::vector<uint8_t> &bytes, uint16_t bits) {
    const auto count = tmsize_t(bytes.size() * 8 / bits);
    switch (bits) {  // sizes that are packed bit by bit have no byte order
    case 16: TIFFSwabArrayOfShort(reinterpret_cast<uint16_t *>(bytes.data()), count); break;
    case 24: TIFFSwabArrayOfTriples(bytes.data(), count); break;
    case 32: TIFFSwabArrayOfLong(reinterpret_cast<uint32_t *>(bytes.data()), count); break;
    case 64: TIFFSwabArrayOfLong8(reinterpret_cast<uint64_t *>(bytes.data()), count); break;
    default: break;
    }
}

void visit_decoded(const PageLayout &page, const BlockPart &part, const DecodedBlock &decoded, const TakeRow &take) {
    const uint8_t *block = decoded(part.block);
    for (uint32_t y = part.y; y < part.y + part.height; y++)
        take(block + y * page.row_bytes(), uint64_t(part.x) * page.samples_per_pixel(), y);
}

/// Rows are read whole and several at once, but for rows much longer than the part: of these only the middle is read.
void visit_plain(TiffHandle &handle, const PageLayout &page, uint64_t shift, const BlockPart &part,
                 const TakeRow &take) {
    const uint64_t row_bytes = page.row_bytes(), first = uint64_t(part.x) * page.samples_per_pixel();
    const uint64_t last = uint64_t(part.x + part.width) * page.samples_per_pixel();
    const uint64_t aligned = first / 8 * 8;  // eight samples are whole bytes, whatever their bits
    const uint64_t needed_bytes = ((last - aligned) * page.bits + 7) / 8;
    const bool whole_rows = row_bytes <= 4096 || needed_bytes >= row_bytes / 4;

    const uint64_t start = handle.block_offset(part.block) + shift + (whole_rows ? 0 : aligned * page.bits / 8);
    const uint64_t rows_at_once = whole_rows ? std::clamp<uint64_t>(plain_piece_bytes / row_bytes, 1, part.height) : 1;
    const uint64_t first_in_piece = whole_rows ? first : first - aligned;
    std::vector<uint8_t> piece;
    for (uint64_t y = part.y; y < part.y + uint64_t(part.height); y += rows_at_once) {
        const uint64_t rows = std::min(rows_at_once, part.y + part.height - y);
        piece.resize(whole_rows ? rows * row_bytes : needed_bytes);
        handle.file().read(start + y * row_bytes, piece.data(), piece.size());
        if (handle.file().swapped()) swap_samples(piece, page.bits);
        for (uint64_t row = 0; row < rows; row++)
            take(piece.data() + row * row_bytes, first_in_piece, uint32_t(y + row));
    }
}

}  // namespace

void visit_rows(TiffHandle &handle, const PageLayout &page, uint64_t shift, const BlockPart &part,
                const DecodedBlock &decoded, const TakeRow &take) {
    if (page.plain()) visit_plain(handle, page, shift, part, take);
    else visit_decoded(page, part, decoded, take);
}

}  // namespace unet
