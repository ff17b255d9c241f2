#include "src/stack/stack_writer.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include "src/stack/file_index.h"
#include "src/stack/ome_xml.h"
#include "src/stack/stack_metadata.h"
#include "src/stack/tiff_output.h"
#include <algorithm>
#include <cstring>
#include <optional>
#include <tiffio.h>
#include <type_traits>

namespace unet {

namespace {

constexpr int tile_size = band_rows;  // so a band is one row of tiles

uint16_t sample_format(SampleType type) {
    if (is_floating(type)) return SAMPLEFORMAT_IEEEFP;
    return is_signed_integer(type) ? SAMPLEFORMAT_INT : SAMPLEFORMAT_UINT;
}

/// Pixels per centimetre, or per unit where the unit is unknown; 0 when there is nothing to say or a TIFF cannot say
/// it.
double resolution(double size, const std::string &unit) {
    const double scale = micrometres(unit), largest = 4e9;  // a ratio of 32-bit numbers
    const double pixels = size <= 0 ? 0 : scale > 0 ? 10000 / (size * scale) : 1 / size;
    return pixels < largest ? pixels : 0;
}

template<class T>
constexpr SampleType sample_type() {
    if constexpr (std::is_same_v<T, uint8_t>) return SampleType::u8;
    else if constexpr (std::is_same_v<T, uint16_t>) return SampleType::u16;
    else if constexpr (std::is_same_v<T, uint32_t>) return SampleType::u32;
    else return SampleType::f32;
}

[[noreturn]] void report_fault(const std::string &name, const std::string &fact) {
    throw Error(Exit::internal, name + ": " + fact + "; please report this fault");
}

}  // namespace

struct StackWriter::Impl {
    std::string name;
    StackShape shape;
    std::string description;
    PartFile part;
    TiffOutput output;
    int page = 0, y = 0;  // where the next band begins
    std::vector<uint8_t> tile;

    Impl(const std::filesystem::path &path, const StackShape &shape, const std::map<std::string, std::string> &metadata)
        : name(path.string()), shape(checked(name, shape)), description(ome_xml(shape, metadata)), part(path),
          output(part.path(), path), tile(size_t(tile_size) * tile_size * bytes_per_sample(shape.type)) {}

    static const StackShape &checked(const std::string &name, const StackShape &shape) {
        if (shape.width < 1 || shape.height < 1 || shape.pages < 1 || shape.samples < 1 || shape.samples > 65535)
            report_fault(name, "a stack without pixels cannot be written");
        return shape;
    }

    int rows_of_band() const { return std::min(band_rows, shape.height - y); }

    void set_fields() {
        TIFF *out = output.get();
        bool set =
            TIFFSetField(out, TIFFTAG_IMAGEWIDTH, uint32_t(shape.width)) &&
            TIFFSetField(out, TIFFTAG_IMAGELENGTH, uint32_t(shape.height)) &&
            TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, shape.samples) &&
            TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, int(8 * bytes_per_sample(shape.type))) &&
            TIFFSetField(out, TIFFTAG_SAMPLEFORMAT, sample_format(shape.type)) &&
            TIFFSetField(out, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) &&
            TIFFSetField(out, TIFFTAG_PLANARCONFIG, shape.samples > 1 ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG) &&
            TIFFSetField(out, TIFFTAG_TILEWIDTH, tile_size) && TIFFSetField(out, TIFFTAG_TILELENGTH, tile_size) &&
            TIFFSetField(out, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE) &&
            TIFFSetField(out, TIFFTAG_PREDICTOR, PREDICTOR_NONE) && TIFFSetField(out, TIFFTAG_SOFTWARE, "unetflow");
        if (shape.samples > 1) {
            const std::vector<uint16_t> extra(size_t(shape.samples) - 1, EXTRASAMPLE_UNSPECIFIED);
            set = set && TIFFSetField(out, TIFFTAG_EXTRASAMPLES, int(extra.size()), extra.data());
        }
        if (page == 0) set = set && TIFFSetField(out, TIFFTAG_IMAGEDESCRIPTION, description.c_str());
        output.check(set && set_resolution());
    }

    bool set_resolution() {
        const VoxelSize &voxel = shape.voxel;
        const double x = resolution(voxel.x, voxel.unit), y_resolution = resolution(voxel.y, voxel.unit);
        if (x == 0 || y_resolution == 0) return true;
        const int unit = micrometres(voxel.unit) > 0 ? RESUNIT_CENTIMETER : RESUNIT_NONE;
        return TIFFSetField(output.get(), TIFFTAG_RESOLUTIONUNIT, unit) &&
               TIFFSetField(output.get(), TIFFTAG_XRESOLUTION, x) &&
               TIFFSetField(output.get(), TIFFTAG_YRESOLUTION, y_resolution);
    }

    /// The tile at column `x` of plane `plane`; zeros beyond the page's edge.
    void write_tile(const Band &band, int plane, int x) {
        const size_t bytes = bytes_per_sample(shape.type), columns = size_t(std::min(tile_size, shape.width - x));
        const uint8_t *from = band.bytes.data() + (size_t(plane) * band.rows * shape.width + x) * bytes;
        std::fill(tile.begin(), tile.end(), 0);
        for (int row = 0; row < band.rows; row++)
            std::memcpy(&tile[row * tile_size * bytes], from + size_t(row) * shape.width * bytes, columns * bytes);
        TIFF *out = output.get();
        const uint32_t index = TIFFComputeTile(out, uint32_t(x), uint32_t(band.y), 0, uint16_t(plane));
        output.check(TIFFWriteEncodedTile(out, index, tile.data(), tmsize_t(tile.size())) == tmsize_t(tile.size()));
    }

    void append(const Band &band) {
        const size_t bytes = size_t(shape.samples) * band.rows * shape.width * bytes_per_sample(shape.type);
        if (page >= shape.pages || band.page != page || band.y != y || band.rows != rows_of_band() ||
            band.bytes.size() != bytes)
            report_fault(name, "a band came out of order (page " + std::to_string(band.page) + ", row " +
                                   std::to_string(band.y) + ") or has the wrong size");
        if (y == 0) set_fields();
        for (int plane = 0; plane < shape.samples; plane++)
            for (int64_t x = 0; x < shape.width; x += tile_size) write_tile(band, plane, int(x));
        y += band.rows;
        if (y < shape.height) return;
        output.check(TIFFWriteDirectory(output.get()) != 0);
        page++;
        y = 0;
    }

    /// Reads the directories back from disk: all pages there, all tiles inside the file.
    void verify() const {
        const auto refuse = [&](const std::string &fact) {
            throw Error(Exit::io, name + ": reading it back failed: " + fact + "; check the disk, then run it again");
        };
        try {
            TiffHandle handle(part.path());
            const FileIndex file = index_file(handle, part.path());
            const PageLayout &layout = file.run.layout;
            if (file.pages != uint64_t(shape.pages)) refuse(std::to_string(file.pages) + " pages are there");
            if (!file.run.difference.empty()) refuse(file.run.difference);
            if (layout.width != uint32_t(shape.width) || layout.height != uint32_t(shape.height) ||
                layout.samples != shape.samples || layout.type() != shape.type)
                refuse("its size or type differs");
        } catch (const Error &error) {
            if (error.code != Exit::data && error.code != Exit::no_input) throw;
            refuse(error.what());
        }
    }

    void finish() {
        if (page != shape.pages)
            report_fault(name, std::to_string(page) + " of " + std::to_string(shape.pages) + " pages were written");
        output.close();
        verify();
        part.commit();
    }
};

StackWriter::StackWriter(const std::filesystem::path &path, const StackShape &shape,
                         const std::map<std::string, std::string> &metadata)
    : impl_(std::make_unique<Impl>(path, shape, metadata)) {}
StackWriter::~StackWriter() = default;

void StackWriter::append(const Band &band) { impl_->append(band); }
void StackWriter::finish() { impl_->finish(); }

template<class T>
void write_stack(const std::filesystem::path &path, const std::vector<Array<T>> &pages, const VoxelSize &voxel) {
    if (pages.empty()) report_fault(path.string(), "a stack without pages cannot be written");
    const Array<T> &first = pages.front();
    StackWriter writer(path, {.width = first.width,
                              .height = first.height,
                              .samples = first.channels,
                              .pages = int(pages.size()),
                              .type = sample_type<T>(),
                              .voxel = voxel});
    for (size_t page = 0; page < pages.size(); page++) {
        const Array<T> &pixels = pages[page];
        if (pixels.width != first.width || pixels.height != first.height || pixels.channels != first.channels)
            report_fault(path.string(), "page " + std::to_string(page) + " differs in size from page 0");
        for (int y = 0; y < pixels.height; y += band_rows) {
            Band band{.page = int(page), .y = y, .rows = std::min(band_rows, pixels.height - y), .bytes = {}};
            std::vector<T> planes;
            planes.reserve(size_t(pixels.channels) * band.rows * pixels.width);
            for (int k = 0; k < pixels.channels; k++)
                for (int row = y; row < y + band.rows; row++)
                    for (int x = 0; x < pixels.width; x++) planes.push_back(pixels(k, x, row));
            band.bytes.resize(planes.size() * sizeof(T));
            std::memcpy(band.bytes.data(), planes.data(), band.bytes.size());
            writer.append(band);
        }
    }
    writer.finish();
}

template void write_stack(const std::filesystem::path &, const std::vector<Array<uint8_t>> &, const VoxelSize &);
template void write_stack(const std::filesystem::path &, const std::vector<Array<uint16_t>> &, const VoxelSize &);
template void write_stack(const std::filesystem::path &, const std::vector<Array<uint32_t>> &, const VoxelSize &);
template void write_stack(const std::filesystem::path &, const std::vector<Array<float>> &, const VoxelSize &);

}  // namespace unet
