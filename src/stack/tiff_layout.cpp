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

std::vector<LevelSize> level_sizes(int width, int height, bool pyramid) {
    std::vector<LevelSize> levels{{width, height}};
    while (pyramid && levels.back().tiles() > 1)
        levels.push_back({(levels.back().width - 1) / 2 + 1, (levels.back().height - 1) / 2 + 1});
    return levels;
}

}  // namespace

TiffLayout::TiffLayout(const StackShape &shape, const std::string &description, TileStorage storage, bool pyramid)
    : shape_(shape), description_(description), storage_(storage) {
    if (shape.width < 1 || shape.height < 1 || shape.pages < 1 || shape.samples < 1)
        throw Error(Exit::internal, "a stack without pixels cannot be written; please report this fault");
    levels_ = level_sizes(shape.width, shape.height, pyramid);
    sized_ = resolution(shape.voxel.x, shape.voxel.unit) && resolution(shape.voxel.y, shape.voxel.unit);
    software_at_ = header_bytes;
    description_at_ = software_at_ + rounded_up(sizeof software, 8);
    first_directory_ = rounded_up(description_at_ + description.size() + 1, 8);
    data_begin_ = rounded_up(directory_offset(shape.pages, 0), storage == TileStorage::plain ? page_of_disk : 8);
}

uint64_t TiffLayout::tile_bytes() const { return uint64_t(band_rows) * band_rows * bytes_per_sample(shape_.type); }

uint64_t TiffLayout::entries(int level, bool first) const {
    return 13 + (level > 0) + (first && level == 0) + (sized_ && level == 0 ? 3 : 0) +
           (storage_ == TileStorage::deflate) + (subdirectories(level) > 0);
}

// Places of tiles, and of subdirectories; a single one stands in the entry itself.
uint64_t TiffLayout::tables_bytes(int level) const {
    const auto tiles = uint64_t(levels_[size_t(level)].tiles()), levels_below = uint64_t(subdirectories(level));
    return (tiles > 1 ? 16 * tiles : 0) + (levels_below > 1 ? 8 * levels_below : 0);
}

uint64_t TiffLayout::directory_bytes(int level, bool first) const {
    return rounded_up(8 + entries(level, first) * entry_bytes + 8 + tables_bytes(level), 8);
}

uint64_t TiffLayout::all_directory_bytes(int levels, bool first) const {
    uint64_t bytes = 0;
    for (int level = 0; level < levels; level++) bytes += directory_bytes(level, first);
    return bytes;
}

uint64_t TiffLayout::directory_offset(int page, int plane, int level) const {
    const uint64_t number = uint64_t(page) * uint64_t(shape_.samples) + uint64_t(plane);
    const uint64_t before =
        number == 0 ? 0 : all_directory_bytes(levels(), true) + (number - 1) * all_directory_bytes(levels(), false);
    return first_directory_ + before + all_directory_bytes(level, number == 0);
}

uint64_t TiffLayout::plain_end() const {
    uint64_t tiles = 0;
    for (const LevelSize &level : levels_) tiles += uint64_t(level.tiles());
    return data_begin_ + uint64_t(shape_.pages) * uint64_t(shape_.samples) * tiles * tile_bytes();
}

TilePlace TiffLayout::plain_tiles(TileRow at) const {
    const uint64_t planes = uint64_t(shape_.pages) * uint64_t(shape_.samples);
    const LevelSize &level = levels_[size_t(at.level)];
    uint64_t tile = 0;
    for (int before = 0; before < at.level; before++) tile += planes * uint64_t(levels_[size_t(before)].tiles());
    tile += (uint64_t(at.page) * uint64_t(shape_.samples) + uint64_t(at.plane)) * uint64_t(level.tiles());
    tile += uint64_t(at.row) * uint64_t(level.tiles_across());
    return {data_begin_ + tile * tile_bytes(), uint64_t(level.tiles_across()) * tile_bytes()};
}

TilePlace TiffLayout::place_entries(TileRow at) const {
    const LevelSize &level = levels_[size_t(at.level)];
    const uint64_t tiles = uint64_t(level.tiles()), tile = uint64_t(at.row) * uint64_t(level.tiles_across());
    const uint64_t begin = directory_offset(at.page, at.plane, at.level);
    const uint64_t end = begin + 8 + entries(at.level, at.page == 0 && at.plane == 0) * entry_bytes;  // of the entries
    if (tiles > 1) return {end + 8 + 8 * tile, end + 8 + 8 * (tiles + tile)};
    // A single value stands in the entry itself: TileOffsets and TileByteCounts come before SampleFormat, which is
    // last.
    constexpr uint64_t value = 12;
    return {end - 3 * entry_bytes + value, end - 2 * entry_bytes + value};
}

std::vector<uint8_t> TiffLayout::prologue() const {
    Bytes out;
    out.put(0x4949, 2);
    out.put(43, 2);  // BigTIFF
    out.put(8, 2);
    out.put(0, 2);
    out.put(first_directory_, 8);
    out.text(software);
    out.fill_to(description_at_);
    out.text(description_);
    out.fill_to(first_directory_);
    return out.take();
}

std::vector<uint8_t> TiffLayout::directories(int page, int plane) const {
    std::vector<uint8_t> all;
    for (int level = 0; level < levels(); level++) {
        const std::vector<uint8_t> one = directory(page, plane, level);
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

std::vector<uint8_t> TiffLayout::directory(int page, int plane, int level) const {
    const LevelSize &size = levels_[size_t(level)];
    const TilePlace tables = place_entries({page, plane, 0, level}), first_row = plain_tiles({page, plane, 0, level});
    const bool plain = storage_ == TileStorage::plain, first = page == 0 && plane == 0;
    const auto tiles = uint64_t(size.tiles()), below = uint64_t(subdirectories(level));
    const bool many = tiles > 1;
    Bytes out;
    out.put(entries(level, first), 8);
    if (level > 0) out.entry(TIFFTAG_SUBFILETYPE, TIFF_LONG, 1, FILETYPE_REDUCEDIMAGE);
    out.entry(TIFFTAG_IMAGEWIDTH, TIFF_LONG, 1, uint64_t(size.width));
    out.entry(TIFFTAG_IMAGELENGTH, TIFF_LONG, 1, uint64_t(size.height));
    out.entry(TIFFTAG_BITSPERSAMPLE, TIFF_SHORT, 1, 8 * bytes_per_sample(shape_.type));
    out.entry(TIFFTAG_COMPRESSION, TIFF_SHORT, 1, plain ? COMPRESSION_NONE : COMPRESSION_ADOBE_DEFLATE);
    out.entry(TIFFTAG_PHOTOMETRIC, TIFF_SHORT, 1, PHOTOMETRIC_MINISBLACK);
    if (first && level == 0) out.entry(TIFFTAG_IMAGEDESCRIPTION, TIFF_ASCII, description_.size() + 1, description_at_);
    out.entry(TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, 1, 1);
    if (sized_ && level == 0) {
        out.entry(TIFFTAG_XRESOLUTION, TIFF_RATIONAL, 1, resolution(shape_.voxel.x, shape_.voxel.unit));
        out.entry(TIFFTAG_YRESOLUTION, TIFF_RATIONAL, 1, resolution(shape_.voxel.y, shape_.voxel.unit));
    }
    out.entry(TIFFTAG_PLANARCONFIG, TIFF_SHORT, 1, PLANARCONFIG_CONTIG);
    if (sized_ && level == 0)
        out.entry(TIFFTAG_RESOLUTIONUNIT, TIFF_SHORT, 1,
                  micrometres(shape_.voxel.unit) > 0 ? RESUNIT_CENTIMETER : RESUNIT_NONE);
    out.entry(TIFFTAG_SOFTWARE, TIFF_ASCII, sizeof software, software_at_);
    if (!plain) out.entry(TIFFTAG_PREDICTOR, TIFF_SHORT, 1, PREDICTOR_NONE);
    out.entry(TIFFTAG_TILEWIDTH, TIFF_LONG, 1, band_rows);
    out.entry(TIFFTAG_TILELENGTH, TIFF_LONG, 1, band_rows);
    out.entry(TIFFTAG_TILEOFFSETS, TIFF_LONG8, tiles, many ? tables.offset : plain ? first_row.offset : 0);
    out.entry(TIFFTAG_TILEBYTECOUNTS, TIFF_LONG8, tiles, many ? tables.bytes : plain ? tile_bytes() : 0);
    if (below)  // so there are many tiles
        out.entry(TIFFTAG_SUBIFD, TIFF_IFD8, below,
                  below == 1 ? directory_offset(page, plane, 1) : tables.offset + 16 * tiles);
    out.entry(TIFFTAG_SAMPLEFORMAT, TIFF_SHORT, 1, sample_format(shape_.type));
    const bool last = page + 1 == shape_.pages && plane + 1 == shape_.samples;
    out.put(level > 0 || last ? 0 : directory_offset(page, plane + 1), 8);  // behind the last plane: the next page
    if (many) {
        for (uint64_t i = 0; i < tiles; i++) out.put(plain ? first_row.offset + i * tile_bytes() : 0, 8);
        for (uint64_t i = 0; i < tiles; i++) out.put(plain ? tile_bytes() : 0, 8);
    }
    for (int sub = 1; below > 1 && sub < levels(); sub++) out.put(directory_offset(page, plane, sub), 8);
    out.fill_to(rounded_up(out.size(), 8));
    return out.take();
}

}  // namespace unet
