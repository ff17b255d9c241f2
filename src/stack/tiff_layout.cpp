#include "src/stack/tiff_layout.h"
#include "src/base/error.h"
#include "src/stack/stack_metadata.h"
#include <algorithm>
#include <cmath>
#include <tiffio.h>

namespace unet {

namespace {

constexpr uint64_t header_bytes = 16, entry_bytes = 20, page_of_disk = 4096;
constexpr char software[] = "unetflow";

uint64_t rounded_up(uint64_t value, uint64_t step) { return (value + step - 1) / step * step; }

/// Numbers one after the other, little-endian.
class Bytes {
public:
    void put(uint64_t value, int size) {
        for (int i = 0; i < size; i++) bytes_.push_back(uint8_t(value >> (8 * i)));
    }
    /// A value of up to 8 bytes stands in the entry itself, padded with zeros.
    void entry(int tag, int type, uint64_t count, uint64_t value) {
        put(uint64_t(tag), 2);
        put(uint64_t(type), 2);
        put(count, 8);
        put(value, 8);
    }
    void text(const std::string &text) { bytes_.insert(bytes_.end(), text.c_str(), text.c_str() + text.size() + 1); }
    void fill_to(uint64_t size) { bytes_.resize(size); }  // with zeros
    uint64_t size() const { return bytes_.size(); }
    std::vector<uint8_t> take() { return std::move(bytes_); }

private:
    std::vector<uint8_t> bytes_;
};

uint64_t sample_format(SampleType type) {
    if (is_floating(type)) return SAMPLEFORMAT_IEEEFP;
    return is_signed_integer(type) ? SAMPLEFORMAT_INT : SAMPLEFORMAT_UINT;
}

/// Pixels per centimetre, or per unit where the unit is unknown, as numerator and denominator; 0 when there is nothing
/// to say or a TIFF cannot say it.
uint64_t resolution(double size, const std::string &unit) {
    const double scale = micrometres(unit), largest = 4e9;  // a ratio of 32-bit numbers
    const double pixels = size <= 0 ? 0 : scale > 0 ? 10000 / (size * scale) : 1 / size;
    if (!(pixels > 0 && pixels < largest)) return 0;
    uint64_t denominator = 1;
    while (denominator < 1000000 && pixels * double(denominator) * 10 < largest) denominator *= 10;
    const auto numerator = uint64_t(std::llround(pixels * double(denominator)));
    return numerator ? numerator | denominator << 32 : 0;
}

/// Up to four 16-bit numbers fit into an entry; more stand at `position`.
uint64_t shorts(uint64_t value, int count, uint64_t position) {
    if (count > 4) return position;
    uint64_t packed = 0;
    for (int i = 0; i < count; i++) packed |= value << (16 * i);
    return packed;
}

}  // namespace

TiffLayout::TiffLayout(const StackShape &shape, const std::string &description, TileStorage storage)
    : shape_(shape), description_(description), storage_(storage) {
    if (shape.width < 1 || shape.height < 1 || shape.pages < 1 || shape.samples < 1 || shape.samples > 65535)
        throw Error(Exit::internal, "a stack without pixels cannot be written; please report this fault");
    across_ = (shape.width - 1) / band_rows + 1;
    down_ = int(unet::bands_per_page(shape.height));
    const bool sized = resolution(shape.voxel.x, shape.voxel.unit) && resolution(shape.voxel.y, shape.voxel.unit);
    common_entries_ = 13 + (sized ? 3 : 0) + (shape.samples > 1) + (storage == TileStorage::deflate);
    const uint64_t shared = shape.samples > 4 ? rounded_up(2 * uint64_t(shape.samples), 8) : 0;
    bits_at_ = header_bytes;
    formats_at_ = bits_at_ + shared;
    extra_at_ = formats_at_ + shared;
    software_at_ = extra_at_ + shared;
    description_at_ = software_at_ + rounded_up(sizeof software, 8);
    first_directory_ = rounded_up(description_at_ + description.size() + 1, 8);
    data_begin_ = rounded_up(directory_offset(shape.pages), storage == TileStorage::plain ? page_of_disk : 8);
}

uint64_t TiffLayout::tile_bytes() const { return uint64_t(band_rows) * band_rows * bytes_per_sample(shape_.type); }

uint64_t TiffLayout::tables_bytes() const { return tiles_per_page() > 1 ? 16 * uint64_t(tiles_per_page()) : 0; }

uint64_t TiffLayout::directory_bytes(int page) const { return 8 + entries(page) * entry_bytes + 8 + tables_bytes(); }

uint64_t TiffLayout::directory_offset(int page) const {
    if (page == 0) return first_directory_;
    return first_directory_ + rounded_up(directory_bytes(0), 8) +
           uint64_t(page - 1) * rounded_up(directory_bytes(1), 8);
}

TilePlace TiffLayout::plain_tile(int page, int64_t tile) const {
    return {data_begin_ + (uint64_t(page) * tiles_per_page() + tile) * tile_bytes(), tile_bytes()};
}

TilePlace TiffLayout::place_entries(int page, int64_t tile) const {
    const uint64_t tables = directory_offset(page) + directory_bytes(page) - tables_bytes();
    if (tiles_per_page() > 1) return {tables + 8 * tile, tables + 8 * (tiles_per_page() + tile)};
    // A single value stands in the entry itself: TileOffsets and TileByteCounts come before SampleFormat, which is
    // last, and ExtraSamples.
    const uint64_t behind = 1 + (shape_.samples > 1), end = directory_offset(page) + 8 + entries(page) * entry_bytes;
    return {end - (behind + 2) * entry_bytes + 12, end - (behind + 1) * entry_bytes + 12};
}

std::vector<uint8_t> TiffLayout::prologue() const {
    Bytes out;
    out.put(0x4949, 2);
    out.put(43, 2);  // BigTIFF
    out.put(8, 2);
    out.put(0, 2);
    out.put(first_directory_, 8);
    if (shape_.samples > 4)
        for (const uint64_t value : {uint64_t(8 * bytes_per_sample(shape_.type)), sample_format(shape_.type),
                                     uint64_t(EXTRASAMPLE_UNSPECIFIED)}) {
            for (int i = 0; i < shape_.samples; i++) out.put(value, 2);
            for (int i = shape_.samples; i % 4; i++) out.put(0, 2);
        }
    out.text(software);
    out.fill_to(description_at_);
    out.text(description_);
    out.fill_to(first_directory_);
    return out.take();
}

std::vector<uint8_t> TiffLayout::directory(int page) const {
    const int samples = shape_.samples;
    const uint64_t x = resolution(shape_.voxel.x, shape_.voxel.unit), y = resolution(shape_.voxel.y, shape_.voxel.unit);
    const uint64_t tiles = uint64_t(tiles_per_page()), tables = place_entries(page, 0).offset;
    const bool plain = storage_ == TileStorage::plain;
    Bytes out;
    out.put(entries(page), 8);
    out.entry(TIFFTAG_IMAGEWIDTH, TIFF_LONG, 1, uint64_t(shape_.width));
    out.entry(TIFFTAG_IMAGELENGTH, TIFF_LONG, 1, uint64_t(shape_.height));
    out.entry(TIFFTAG_BITSPERSAMPLE, TIFF_SHORT, uint64_t(samples),
              shorts(8 * bytes_per_sample(shape_.type), samples, bits_at_));
    out.entry(TIFFTAG_COMPRESSION, TIFF_SHORT, 1, plain ? COMPRESSION_NONE : COMPRESSION_ADOBE_DEFLATE);
    out.entry(TIFFTAG_PHOTOMETRIC, TIFF_SHORT, 1, PHOTOMETRIC_MINISBLACK);
    if (page == 0) out.entry(TIFFTAG_IMAGEDESCRIPTION, TIFF_ASCII, description_.size() + 1, description_at_);
    out.entry(TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, 1, uint64_t(samples));
    if (x && y) {
        out.entry(TIFFTAG_XRESOLUTION, TIFF_RATIONAL, 1, x);
        out.entry(TIFFTAG_YRESOLUTION, TIFF_RATIONAL, 1, y);
    }
    out.entry(TIFFTAG_PLANARCONFIG, TIFF_SHORT, 1, samples > 1 ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    if (x && y)
        out.entry(TIFFTAG_RESOLUTIONUNIT, TIFF_SHORT, 1,
                  micrometres(shape_.voxel.unit) > 0 ? RESUNIT_CENTIMETER : RESUNIT_NONE);
    out.entry(TIFFTAG_SOFTWARE, TIFF_ASCII, sizeof software, software_at_);
    if (!plain) out.entry(TIFFTAG_PREDICTOR, TIFF_SHORT, 1, PREDICTOR_NONE);
    out.entry(TIFFTAG_TILEWIDTH, TIFF_LONG, 1, band_rows);
    out.entry(TIFFTAG_TILELENGTH, TIFF_LONG, 1, band_rows);
    const bool many = tiles > 1;
    out.entry(TIFFTAG_TILEOFFSETS, TIFF_LONG8, tiles, many ? tables : plain ? plain_tile(page, 0).offset : 0);
    out.entry(TIFFTAG_TILEBYTECOUNTS, TIFF_LONG8, tiles, many ? tables + 8 * tiles : plain ? tile_bytes() : 0);
    if (samples > 1)
        out.entry(TIFFTAG_EXTRASAMPLES, TIFF_SHORT, uint64_t(samples) - 1,
                  shorts(EXTRASAMPLE_UNSPECIFIED, samples - 1, extra_at_));
    out.entry(TIFFTAG_SAMPLEFORMAT, TIFF_SHORT, uint64_t(samples),
              shorts(sample_format(shape_.type), samples, formats_at_));
    out.put(page + 1 < shape_.pages ? directory_offset(page + 1) : 0, 8);
    if (many) {
        for (uint64_t i = 0; i < tiles; i++) out.put(plain ? plain_tile(page, int64_t(i)).offset : 0, 8);
        for (uint64_t i = 0; i < tiles; i++) out.put(plain ? tile_bytes() : 0, 8);
    }
    out.fill_to(rounded_up(out.size(), 8));
    return out.take();
}

}  // namespace unet
