#include "src/stack/stack_writer.h"
#include "src/base/error.h"
#include "src/base/output_file.h"
#include "src/base/part_file.h"
#include "src/stack/deflate.h"
#include "src/stack/file_index.h"
#include "src/stack/ome_xml.h"
#include "src/stack/stored_band.h"
#include "src/stack/stored_stack.h"
#include <algorithm>
#include <cstring>
#include <tbb/parallel_for.h>
#include <type_traits>

namespace unet {

namespace {

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

/// Collects small writes that follow one another.
class Pieces {
public:
    explicit Pieces(OutputFile &file) : file_(file) {}
    void add(uint64_t position, const std::vector<uint8_t> &bytes) {
        if (position != begin_ + bytes_.size() || bytes_.size() > (1 << 20)) write();
        if (bytes_.empty()) begin_ = position;
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    void write() {
        file_.write(begin_, bytes_.data(), bytes_.size());
        bytes_.clear();
    }

private:
    OutputFile &file_;
    uint64_t begin_ = 0;
    std::vector<uint8_t> bytes_;
};

}  // namespace

struct StackWriter::Impl {
    std::string name;
    WriterOptions options;
    TiffLayout layout;
    BandRange bands;
    PartFile part;
    OutputFile file;
    WriterProgress now;

    Impl(const std::filesystem::path &path, const StackShape &shape, const std::map<std::string, std::string> &metadata,
         const WriterOptions &options)
        : name(path.string()), options(options),
          layout(shape, ome_xml(shape, metadata), options.storage, options.pyramid != Pyramid::none),
          bands(options.bands.value_or(BandRange{0, layout.bands()})),
          part(path, options.resumable || options.shared ? PartFile::Unfinished::keep : PartFile::Unfinished::remove),
          file(part.path(), path, options.shared ? OutputFile::Open::shared : OutputFile::Open::alone) {
        check_page_count(name, shape);
        if (options.when_opened) options.when_opened();
        if (options.progress) go_on();
        else begin();
    }

    bool plain() const { return options.storage == TileStorage::plain; }
    const StackShape &shape() const { return layout.shape(); }

    // Programs that share a file all write the same head.
    void begin() {
        if (!options.shared) file.resize(0);
        now = {bands.first, layout.data_begin()};
        Pieces head(file);
        head.add(0, layout.prologue());
        for (int page = 0; page < shape().pages; page++)
            for (int plane = 0; plane < shape().samples; plane++)
                head.add(layout.directory_offset(page, plane), layout.directories(page, plane));
        head.write();
        if (plain() && file.bytes() != layout.plain_end()) file.resize(layout.plain_end());
    }

    void go_on() {
        now = *options.progress;
        if (now.next < bands.first || now.next > bands.end || (!plain() && now.end < layout.data_begin()) ||
            file.bytes() < (plain() ? layout.plain_end() : now.end))
            throw Error(Exit::data,
                        part.path().string() + ": is not what its journal says; add --restart to begin anew");
        if (!plain()) file.resize(now.end);  // what came after the journal's last line
    }

    /// The tile of `plane` at `column` of a level; zeros beyond the page's edge.
    std::vector<uint8_t> tile_of(const Band &band, int level, int plane, int column) const {
        const size_t bytes = bytes_per_sample(shape().type), x = size_t(column) * band_rows,
                     width = size_t(layout.level(level).width);
        const size_t columns = std::min(size_t(band_rows), width - x);
        const uint8_t *from = band.bytes.data() + (size_t(plane) * band.rows * width + x) * bytes;
        std::vector<uint8_t> tile(layout.tile_bytes());
        for (int row = 0; row < band.rows; row++)
            std::memcpy(&tile[size_t(row) * band_rows * bytes], from + size_t(row) * width * bytes, columns * bytes);
        return plain() ? std::move(tile) : deflated(tile);
    }

    /// The band as it will stand in the file.
    StoredBand stored(const Band &band, int level) const {
        const int across = layout.level(level).tiles_across();
        std::vector<std::vector<uint8_t>> tiles(size_t(across) * shape().samples);
        tbb::parallel_for(size_t(0), tiles.size(),
                          [&](size_t i) { tiles[i] = tile_of(band, level, int(i) / across, int(i) % across); });
        StoredBand stored;
        for (const std::vector<uint8_t> &tile : tiles) {
            stored.sizes.push_back(tile.size());
            stored.bytes.insert(stored.bytes.end(), tile.begin(), tile.end());
            stored.bytes.resize(StoredBand::filled_up(stored.bytes.size()));
        }
        return stored;
    }

    uint64_t append(const Band &band) {
        const int page = int(now.next / layout.bands_per_page()),
                  y = int(now.next % layout.bands_per_page()) * band_rows;
        const int rows = std::min(band_rows, shape().height - y);
        const size_t bytes = size_t(shape().samples) * rows * shape().width * bytes_per_sample(shape().type);
        if (band.page != page || band.y != y || band.rows != rows || band.bytes.size() != bytes)
            report_fault(name, "a band came out of order (page " + std::to_string(band.page) + ", row " +
                                   std::to_string(band.y) + ") or has the wrong size");
        const StoredBand ready = stored(band, 0);
        append(ready);
        return ready.checksum();
    }

    void append(const StoredBand &band) {
        if (now.next >= bands.end) report_fault(name, "a band came behind the last");
        write({.page = int(now.next / layout.bands_per_page()), .row = int(now.next % layout.bands_per_page())}, band);
        now.next++;
    }

    void write(TileRow at, const StoredBand &band) {
        if (plain()) write_plain(at, band);
        else write_deflated(at, band);
    }

    /// Tiles first, then where they are.
    void write_deflated(TileRow at, const StoredBand &band) {
        const size_t across = size_t(layout.level(at.level).tiles_across());
        std::vector<uint64_t> offsets;
        file.write(now.end, band.bytes.data(), band.bytes.size());
        for (const uint64_t size : band.sizes) {
            offsets.push_back(now.end);
            now.end += StoredBand::filled_up(size);
        }
        for (at.plane = 0; at.plane < shape().samples; at.plane++) {
            const TilePlace entries = layout.place_entries(at);
            file.write(entries.offset, &offsets[at.plane * across], across * sizeof(uint64_t));
            file.write(entries.bytes, &band.sizes[at.plane * across], across * sizeof(uint64_t));
        }
    }

    void write_plain(TileRow at, const StoredBand &band) {
        for (at.plane = 0; at.plane < shape().samples; at.plane++) {
            const TilePlace tiles = layout.plain_tiles(at);
            file.write(tiles.offset, &band.bytes[size_t(at.plane) * tiles.bytes], tiles.bytes);
        }
    }

    /// From the bands as they stand in the file, so that a run that is killed here makes it again, and a merged file
    /// gets the same.
    void write_pyramid(const std::function<void()> &band_done) {
        const StoredStack pages(part.path(), layout);
        PyramidBands levels(layout, options.pyramid, [&](int level, const Band &band) {
            write({.page = band.page, .row = band.y / band_rows, .level = level}, stored(band, level));
        });
        for (int64_t band = 0; band < layout.bands(); band++) {
            levels.add(pages.decoded(band));
            if (band_done) band_done();
        }
    }

    /// Reads the directories back from disk: all pages there, all tiles inside the file.
    void verify() const {
        const auto refuse = [&](const std::string &fact) {
            throw Error(Exit::io, name + ": reading it back failed: " + fact + "; check the disk, then run it again");
        };
        try {
            TiffHandle handle(part.path());
            const FileIndex index = index_file(handle, part.path());
            const PageLayout &page = index.run.layout;
            if (index.pages != uint64_t(shape().pages) * uint64_t(shape().samples))
                refuse(std::to_string(index.pages) + " pages are there");
            if (!index.run.difference.empty()) refuse(index.run.difference);
            if (page.width != uint32_t(shape().width) || page.height != uint32_t(shape().height) || page.samples != 1 ||
                page.type() != shape().type)
                refuse("its size or type differs");
            for (int number = 0; number < shape().pages * shape().samples; number++) verify_levels(handle, number);
        } catch (const Error &error) {
            if (error.code != Exit::data && error.code != Exit::no_input) throw;
            refuse(error.what());
        }
    }

    /// Those of directory `number`.
    void verify_levels(TiffHandle &handle, int number) const {
        for (int level = 1; level < layout.levels(); level++) {
            const uint64_t at = layout.directory_offset(number / shape().samples, number % shape().samples, level);
            check_stored_bytes(handle.file(), read_directory(handle.file(), at), handle.go_to(at),
                               "level " + std::to_string(level) + " of directory " + std::to_string(number));
        }
    }

    void finish(const std::function<void()> &band_done) {
        if (now.next != bands.end)
            report_fault(name, std::to_string(now.next - bands.first) + " of " +
                                   std::to_string(bands.end - bands.first) + " bands were written");
        if (options.shared) return file.flush();
        const bool whole = bands == BandRange{0, layout.bands()};  // of a part, tiles are missing
        if (whole && layout.levels() > 1) write_pyramid(band_done);
        file.close();
        if (whole) verify();
        part.commit();
    }
};

void check_page_count(const std::string &name, const StackShape &shape) {
    constexpr int64_t most_directories = 1 << 20;  // that libtiff reads
    if (int64_t(shape.pages) * shape.samples <= most_directories) return;
    const std::string planes = shape.samples > 1 ? " of " + std::to_string(shape.samples) + " planes" : "";
    throw Error(Exit::data, name + ": would have " + std::to_string(shape.pages) + " pages" + planes +
                                ", a TIFF has 1048576 directories at most; write it in parts with --z");
}

StackWriter::StackWriter(const std::filesystem::path &path, const StackShape &shape,
                         const std::map<std::string, std::string> &metadata, const WriterOptions &options)
    : impl_(std::make_unique<Impl>(path, shape, metadata, options)) {}
StackWriter::~StackWriter() = default;

uint64_t StackWriter::append(const Band &band) { return impl_->append(band); }
void StackWriter::append(const StoredBand &band) { impl_->append(band); }
WriterProgress StackWriter::progress() const { return impl_->now; }
void StackWriter::flush() { impl_->file.flush(); }
void StackWriter::finish(const std::function<void()> &band_done) { impl_->finish(band_done); }

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
