// How one page's pixels lie in its file.
#pragma once
#include "src/stack/sample_type.h"
#include <cstdint>
#include <optional>
#include <string>

namespace unet {

enum class NumberFormat { unsigned_integer, signed_integer, floating, complex };

/// One page of a TIFF. A "block" is a strip (as wide as the page) or a tile; blocks are numbered plane by plane, row by
/// row.
struct PageLayout {
    uint32_t width = 0, height = 0, depth = 1;
    uint16_t samples = 1, bits = 1;
    NumberFormat format = NumberFormat::unsigned_integer;
    uint16_t compression = 1, predictor = 1, photometric = 0, fill_order = 1;  ///< as the TIFF tags have them
    uint16_t subsampling_x = 1, subsampling_y = 1;                             ///< of chroma, for YCbCr
    bool planar = false;                                                       ///< samples in planes of their own
    bool tiled = false;
    bool auxiliary = false;  ///< belongs to another page: a pyramid level, thumbnail or transparency mask
    uint16_t sub_directories = 0;
    uint32_t block_width = 0, block_height = 0;

    uint32_t planes() const { return planar ? samples : 1; }
    uint32_t samples_per_pixel() const { return planar ? 1 : samples; }  ///< that lie side by side
    uint64_t blocks_across() const { return (uint64_t(width) + block_width - 1) / block_width; }
    uint64_t blocks_down() const { return (uint64_t(height) + block_height - 1) / block_height; }
    uint64_t blocks_per_plane() const { return blocks_across() * blocks_down(); }
    uint64_t blocks() const;  ///< saturates
    /// Rows that block number `block` holds: block_height but for the last strip of a plane.
    uint32_t rows_in_block(uint64_t block) const;
    /// Bytes of one row of a block and of a block, decoded; saturate.
    uint64_t row_bytes() const;
    uint64_t block_bytes(uint64_t block) const;
    uint64_t page_bytes() const;

    bool compressed() const { return compression != 1; }
    /// Bytes in the file are the samples: any part of a block can be read by itself.
    bool plain() const { return !compressed() && fill_order == 1; }
    /// YCbCr whose chroma is coarser than its luma and that no codec expands for us.
    bool subsampled() const;

    /// "u8", "u12", "f16", "c64": the type as it stands in the file.
    std::string stored_type() const;
    /// What the reader turns samples into; nothing when it cannot: "u12" becomes u16, "f16" f32.
    std::optional<SampleType> type() const;
    /// Why the pixels cannot be read and what to do, or "" when they can.
    std::string obstacle() const;

    bool same_pixels(const PageLayout &other) const;  ///< equal size, samples and type
    bool operator==(const PageLayout &) const = default;
};

/// "lzw", "deflate", ...; the number where the codec has no name here.
std::string compression_name(uint16_t compression);
/// "gray", "gray inverted", "rgb", "palette", ...
std::string photometric_name(uint16_t photometric);

}  // namespace unet
