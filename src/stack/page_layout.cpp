#include "src/stack/page_layout.h"
#include "src/stack/saturating.h"
#include <algorithm>
#include <limits>
#include <map>
#include <tiffio.h>

namespace unet {

namespace {

/// Decoding needs a whole block in memory. Real blocks are a thousand times smaller.
constexpr uint64_t largest_block = uint64_t(1) << 30;

std::string dimensions(uint64_t width, uint64_t height) {
    return std::to_string(width) + " x " + std::to_string(height);
}

}  // namespace

uint64_t PageLayout::blocks() const { return saturating_product(blocks_per_plane(), planes()); }

uint32_t PageLayout::rows_in_block(uint64_t block) const {
    if (tiled) return block_height;
    const uint64_t above = block % blocks_per_plane() * block_height;
    return uint32_t(std::min<uint64_t>(block_height, height - above));
}

uint64_t PageLayout::row_bytes() const {
    const uint64_t bits_of_row = saturating_product(saturating_product(block_width, samples_per_pixel()), bits);
    return bits_of_row / 8 + (bits_of_row % 8 != 0);
}

uint64_t PageLayout::block_bytes(uint64_t block) const { return saturating_product(row_bytes(), rows_in_block(block)); }

uint64_t PageLayout::page_bytes() const {
    const uint64_t rows = tiled ? blocks_down() * block_height : height;
    return saturating_product(saturating_product(saturating_product(row_bytes(), blocks_across()), rows), planes());
}

bool PageLayout::subsampled() const {
    return photometric == PHOTOMETRIC_YCBCR && compression != COMPRESSION_JPEG && !planar &&
           (subsampling_x != 1 || subsampling_y != 1);
}

std::string PageLayout::stored_type() const {
    constexpr const char *letters[] = {"u", "i", "f", "c"};
    return letters[int(format)] + std::to_string(bits);
}

std::optional<SampleType> PageLayout::type() const {
    switch (format) {
    case NumberFormat::unsigned_integer:
        if (bits <= 8) return SampleType::u8;
        if (bits <= 16) return SampleType::u16;
        if (bits <= 32) return SampleType::u32;
        if (bits == 64) return SampleType::u64;
        return {};
    case NumberFormat::signed_integer:
        if (bits == 8) return SampleType::i8;
        if (bits == 16) return SampleType::i16;
        if (bits == 32) return SampleType::i32;
        if (bits == 64) return SampleType::i64;
        return {};
    case NumberFormat::floating:
        if (bits == 16 || bits == 32) return SampleType::f32;
        if (bits == 64) return SampleType::f64;
        return {};
    case NumberFormat::complex: return {};
    }
    return {};
}

std::string PageLayout::obstacle() const {
    if (!type()) return "samples of type " + stored_type() + " are not supported; convert to 8, 16 or 32-bit gray";
    if (depth != 1)
        return "a page of depth " + std::to_string(depth) +
               " (a volume in one page) is not supported; save it as pages";
    if (compression == COMPRESSION_OJPEG)
        return "old-style JPEG (6) is not supported; save it uncompressed or with deflate";
    if (photometric == PHOTOMETRIC_LOGL || photometric == PHOTOMETRIC_LOGLUV)
        return "the color encoding " + photometric_name(photometric) +
               " is not supported; convert to 32-bit float gray";
    if (subsampled()) return "YCbCr with subsampled chroma is not supported but in JPEG; convert to RGB or gray";
    if (!TIFFIsCODECConfigured(compression))
        return "compression " + compression_name(compression) + " is unknown to libtiff; save it with deflate or lzw";
    // libtiff 4.5 decodes it shifted by a pixel unless 3 or 4 samples lie side by side.
    if (compression == COMPRESSION_PIXARLOG && samples_per_pixel() != 3 && samples_per_pixel() != 4)
        return "PixarLog compression is supported for 3 or 4 interleaved samples only; save it with deflate or lzw";
    const bool ccitt = compression >= COMPRESSION_CCITTRLE && compression <= COMPRESSION_CCITTFAX4;
    if ((ccitt || compression == COMPRESSION_CCITTRLEW) && bits != 1)
        return "CCITT compression of " + stored_type() + " samples does not exist; the file is damaged";
    if (!plain() && block_bytes(0) > largest_block)
        return std::string(tiled ? "a tile" : "a strip") + " of " + dimensions(block_width, block_height) +
               " decodes to more than 1 GiB; save it in smaller tiles";
    return "";
}

bool PageLayout::same_pixels(const PageLayout &other) const {
    return width == other.width && height == other.height && samples == other.samples && bits == other.bits &&
           format == other.format && depth == other.depth;
}

std::string compression_name(uint16_t compression) {
    static const std::map<uint16_t, const char *> names{
        {COMPRESSION_NONE, "none"},
        {COMPRESSION_CCITTRLE, "ccitt-rle"},
        {COMPRESSION_CCITTFAX3, "ccitt-g3"},
        {COMPRESSION_CCITTFAX4, "ccitt-g4"},
        {COMPRESSION_LZW, "lzw"},
        {COMPRESSION_OJPEG, "old-jpeg"},
        {COMPRESSION_JPEG, "jpeg"},
        {COMPRESSION_ADOBE_DEFLATE, "deflate"},
        {COMPRESSION_DEFLATE, "deflate"},
        {COMPRESSION_PACKBITS, "packbits"},
        {COMPRESSION_NEXT, "next"},
        {COMPRESSION_THUNDERSCAN, "thunderscan"},
        {COMPRESSION_CCITTRLEW, "ccitt-rlew"},
        {COMPRESSION_PIXARLOG, "pixarlog"},
        {COMPRESSION_SGILOG, "sgilog"},
        {COMPRESSION_SGILOG24, "sgilog24"},
        {COMPRESSION_JBIG, "jbig"},
        {COMPRESSION_JP2000, "jpeg2000"},
        {COMPRESSION_LZMA, "lzma"},
        {COMPRESSION_ZSTD, "zstd"},
        {COMPRESSION_WEBP, "webp"},
        {COMPRESSION_LERC, "lerc"},
    };
    const auto found = names.find(compression);
    return found == names.end() ? std::to_string(compression) : found->second;
}

std::string photometric_name(uint16_t photometric) {
    static const std::map<uint16_t, const char *> names{
        {PHOTOMETRIC_MINISWHITE, "gray inverted"},
        {PHOTOMETRIC_MINISBLACK, "gray"},
        {PHOTOMETRIC_RGB, "rgb"},
        {PHOTOMETRIC_PALETTE, "palette"},
        {PHOTOMETRIC_MASK, "mask"},
        {PHOTOMETRIC_SEPARATED, "cmyk"},
        {PHOTOMETRIC_YCBCR, "ycbcr"},
        {PHOTOMETRIC_CIELAB, "cielab"},
        {PHOTOMETRIC_ICCLAB, "icclab"},
        {PHOTOMETRIC_ITULAB, "itulab"},
        {PHOTOMETRIC_CFA, "cfa"},
        {PHOTOMETRIC_LOGL, "logl"},
        {PHOTOMETRIC_LOGLUV, "logluv"},
    };
    const auto found = names.find(photometric);
    return found == names.end() ? std::to_string(photometric) : found->second;
}

}  // namespace unet
