#include "src/stack/stored_bytes.h"
#include "src/base/error.h"
#include <optional>

namespace unet {

namespace {

constexpr uint16_t strip_offsets = 273, strip_byte_counts = 279, tile_offsets = 324, tile_byte_counts = 325;

/// libtiff takes either tag for strips and tiles, and some writers mix them up.
const TiffEntry *find_either(const TiffDirectory &directory, uint16_t one, uint16_t other) {
    const TiffEntry *found = directory.find(one);
    return found ? found : directory.find(other);
}

/// Bytes that a block must have at least; 0 when only its decoder knows.
uint64_t bytes_needed(const PageLayout &page, uint64_t block) {
    return page.compressed() || page.subsampled() ? 0 : page.block_bytes(block);
}

}  // namespace

StoredBytes check_stored_bytes(const TiffFile &file, const TiffDirectory &directory, const PageLayout &page,
                               const std::string &where) {
    const char *kind = page.tiled ? "tile" : "strip";
    const auto refuse = [&](const std::string &fact) {
        throw Error(Exit::data, where + ": " + fact + "; the file is damaged or truncated, copy or export it again");
    };

    const TiffEntry *offset_entry = find_either(directory, strip_offsets, tile_offsets);
    const TiffEntry *count_entry = find_either(directory, strip_byte_counts, tile_byte_counts);
    if (!offset_entry) refuse(std::string("has no ") + kind + " offsets");
    const auto check_count = [&](const TiffEntry &entry, const char *what) {
        if (entry.count < page.blocks())
            refuse("has " + std::to_string(entry.count) + " " + kind + " " + what + " for " +
                   std::to_string(page.blocks()) + " " + kind + "s");
    };
    check_count(*offset_entry, "offsets");
    // Early writers left the byte counts away where nothing is compressed: then they follow from the size.
    if (!count_entry && page.compressed()) refuse(std::string("has no ") + kind + " byte counts");
    if (count_entry) check_count(*count_entry, "byte counts");

    TiffValues offsets(file, *offset_entry);
    std::optional<TiffValues> counts;
    if (count_entry) counts.emplace(file, *count_entry);

    StoredBytes stored{.contiguous = page.plain() && !page.tiled};
    uint64_t end_of_previous = 0;
    for (uint64_t block = 0; block < page.blocks(); block++) {
        const uint64_t needed = bytes_needed(page, block), offset = offsets.next();
        const uint64_t count = counts ? counts->next() : needed;
        const std::string name = std::string(kind) + " " + std::to_string(block);
        if (count == 0) refuse(name + " is missing (0 bytes)");
        if (count < needed)
            refuse(name + " has " + std::to_string(count) + " bytes, its pixels need " + std::to_string(needed));
        const uint64_t used = needed ? needed : count;  // some writers claim too much for what is not compressed
        if (offset > file.bytes() || used > file.bytes() - offset)
            refuse(name + " needs bytes " + std::to_string(offset) + " + " + std::to_string(used) + ", the file has " +
                   std::to_string(file.bytes()));
        if (block == 0) stored.first = offset;
        if (block > 0 && offset != end_of_previous) stored.contiguous = false;
        end_of_previous = offset + needed;
        if (__builtin_add_overflow(stored.bytes, used, &stored.bytes)) stored.bytes = UINT64_MAX;
    }
    return stored;
}

}  // namespace unet
