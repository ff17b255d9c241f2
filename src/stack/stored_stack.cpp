#include "src/stack/stored_stack.h"
#include "src/base/error.h"
#include "src/stack/deflate.h"
#include "src/stack/ome_xml.h"
#include "src/stack/tiff_directory.h"
#include <algorithm>
#include <atomic>
#include <cstring>
#include <tbb/parallel_for.h>

namespace unet {

namespace {

// Up to the number of entries of the first directory, which tells whether it has subdirectories.
bool begins_as(const TiffFile &file, const TiffLayout &layout) {
    std::vector<uint8_t> expected = layout.prologue();
    const std::vector<uint8_t> first = layout.directories(0, 0);
    expected.insert(expected.end(), first.begin(), first.begin() + sizeof(uint64_t));
    std::vector<uint8_t> found(expected.size());
    return file.read_some(0, found.data(), found.size()) == found.size() && found == expected;
}

TiffLayout layout_of(const StackShape &shape, const std::map<std::string, std::string> &metadata, TileStorage storage,
                     Pyramid pyramid) {
    return {shape, ome_xml(shape, metadata), storage, pyramid != Pyramid::none};
}

}  // namespace

struct StoredStack::Impl {
    TiffFile file;
    TiffLayout layout;

    [[noreturn]] void refuse(const std::string &fact) const {
        throw Error(Exit::data, file.name() + ": " + fact + "; the file is damaged, make it again");
    }

    size_t across() const { return size_t(layout.level(0).tiles_across()); }

    std::vector<uint64_t> numbers(uint64_t position) const {
        std::vector<uint64_t> values(across());
        file.read(position, values.data(), values.size() * sizeof(uint64_t));
        return values;
    }

    StoredBand read(int64_t band) const {
        const TileRow at{.page = int(band / layout.bands_per_page()), .row = int(band % layout.bands_per_page())};
        return layout.storage() == TileStorage::plain ? read_plain(at) : read_deflated(at);
    }

    StoredBand read_plain(TileRow at) const {
        StoredBand band;
        for (at.plane = 0; at.plane < layout.shape().samples; at.plane++) {
            const TilePlace tiles = layout.plain_tiles(at);
            const size_t before = band.bytes.size();
            band.bytes.resize(before + tiles.bytes);
            file.read(tiles.offset, &band.bytes[before], tiles.bytes);
            band.sizes.insert(band.sizes.end(), across(), layout.tile_bytes());
        }
        return band;
    }

    /// The tiles of a band lie one behind the other; what the file says is checked before it is believed.
    StoredBand read_deflated(TileRow at) const {
        StoredBand band;
        uint64_t begin = 0, end = 0;
        for (at.plane = 0; at.plane < layout.shape().samples; at.plane++) {
            const TilePlace entries = layout.place_entries(at);
            const std::vector<uint64_t> offsets = numbers(entries.offset), sizes = numbers(entries.bytes);
            for (size_t i = 0; i < offsets.size(); i++) {
                if (band.sizes.empty()) begin = end = offsets[i];
                const bool inside = offsets[i] >= layout.data_begin() && offsets[i] <= file.bytes() &&
                                    sizes[i] <= file.bytes() - offsets[i] && sizes[i] > 0;
                if (!inside || offsets[i] != end) refuse("tiles of a band are missing or not in order");
                band.sizes.push_back(sizes[i]);
                end += StoredBand::filled_up(sizes[i]);
            }
        }
        band.bytes.resize(end - begin);
        file.read(begin, band.bytes.data(), band.bytes.size());
        return band;
    }

    Band decoded(int64_t number) const {
        const StoredBand stored = read(number);
        const StackShape &shape = layout.shape();
        Band band{.page = int(number / layout.bands_per_page()),
                  .y = int(number % layout.bands_per_page()) * band_rows,
                  .rows = 0,
                  .bytes = {}};
        band.rows = std::min(band_rows, shape.height - band.y);
        band.bytes.resize(size_t(shape.samples) * size_t(band.rows) * size_t(shape.width) *
                          bytes_per_sample(shape.type));
        std::vector<uint64_t> begins{0};
        for (const uint64_t size : stored.sizes) begins.push_back(begins.back() + StoredBand::filled_up(size));
        std::atomic<bool> damaged = false;
        tbb::parallel_for(size_t(0), stored.sizes.size(), [&](size_t i) {
            const uint8_t *bytes = stored.bytes.data() + begins[i];
            if (layout.storage() == TileStorage::plain) return place(bytes, i, band);
            const auto tile = inflated(bytes, stored.sizes[i], layout.tile_bytes());
            if (tile) place(tile->data(), i, band);
            else damaged = true;
        });
        if (damaged) refuse("a tile cannot be decoded");
        return band;
    }

    /// Tile number `i` of a band goes to its place.
    void place(const uint8_t *tile, size_t i, Band &band) const {
        const size_t bytes = bytes_per_sample(layout.shape().type), width = size_t(layout.shape().width);
        const size_t plane = i / across(), x = i % across() * band_rows,
                     columns = std::min(size_t(band_rows), width - x);
        uint8_t *to = band.bytes.data() + (plane * size_t(band.rows) * width + x) * bytes;
        for (int row = 0; row < band.rows; row++)
            std::memcpy(to + size_t(row) * width * bytes, tile + size_t(row) * band_rows * bytes, columns * bytes);
    }
};

StoredStack::StoredStack(const std::filesystem::path &path, const TiffLayout &layout)
    : impl_(new Impl{TiffFile(path), layout}) {
    if (!begins_as(impl_->file, impl_->layout)) impl_->refuse("is not the file that its receipt is about");
}
StoredStack::StoredStack(const std::filesystem::path &path, const StackShape &shape,
                         const std::map<std::string, std::string> &metadata, TileStorage storage, Pyramid pyramid)
    : StoredStack(path, layout_of(shape, metadata, storage, pyramid)) {}
StoredStack::~StoredStack() = default;

StoredBand StoredStack::read(int64_t band) const { return impl_->read(band); }
Band StoredStack::decoded(int64_t band) const { return impl_->decoded(band); }

bool is_stack_of(const std::filesystem::path &path, const StackShape &shape,
                 const std::map<std::string, std::string> &metadata, TileStorage storage, Pyramid pyramid) {
    try {
        return begins_as(TiffFile(path), layout_of(shape, metadata, storage, pyramid));
    } catch (const Error &error) {
        if (error.code != Exit::data && error.code != Exit::no_input) throw;
        return false;
    }
}

}  // namespace unet
