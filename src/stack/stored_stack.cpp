#include "src/stack/stored_stack.h"
#include "src/base/error.h"
#include "src/stack/ome_xml.h"
#include "src/stack/tiff_directory.h"

namespace unet {

namespace {

bool begins_as(const TiffFile &file, const TiffLayout &layout) {
    const std::vector<uint8_t> expected = layout.prologue();
    std::vector<uint8_t> found(expected.size());
    return file.read_some(0, found.data(), found.size()) == found.size() && found == expected;
}

}  // namespace

struct StoredStack::Impl {
    TiffFile file;
    TiffLayout layout;

    [[noreturn]] void refuse(const std::string &fact) const {
        throw Error(Exit::data, file.name() + ": " + fact + "; the file is damaged, make it again");
    }

    std::vector<uint64_t> numbers(uint64_t position) const {
        std::vector<uint64_t> values(size_t(layout.tiles_across()));
        file.read(position, values.data(), values.size() * sizeof(uint64_t));
        return values;
    }

    StoredBand read_plain(int page, int row) const {
        StoredBand band;
        for (int plane = 0; plane < layout.shape().samples; plane++) {
            const TilePlace first = layout.plain_tile(page, layout.tile(plane, row, 0));
            const size_t before = band.bytes.size(), count = size_t(first.bytes) * layout.tiles_across();
            band.bytes.resize(before + count);
            file.read(first.offset, &band.bytes[before], count);
        }
        return band;
    }

    /// The tiles of a band lie one behind the other; what the file says is checked before it is believed.
    StoredBand read_deflated(int page, int row) const {
        StoredBand band;
        uint64_t begin = 0, end = 0;
        for (int plane = 0; plane < layout.shape().samples; plane++) {
            const TilePlace at = layout.place_entries(page, layout.tile(plane, row, 0));
            const std::vector<uint64_t> offsets = numbers(at.offset), sizes = numbers(at.bytes);
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
};

StoredStack::StoredStack(const std::filesystem::path &path, const StackShape &shape,
                         const std::map<std::string, std::string> &metadata, TileStorage storage)
    : impl_(new Impl{TiffFile(path), TiffLayout(shape, ome_xml(shape, metadata), storage)}) {
    if (!begins_as(impl_->file, impl_->layout)) impl_->refuse("is not the file that its receipt is about");
}
StoredStack::~StoredStack() = default;

StoredBand StoredStack::read(int64_t band) const {
    const int page = int(band / impl_->layout.bands_per_page()), row = int(band % impl_->layout.bands_per_page());
    return impl_->layout.storage() == TileStorage::plain ? impl_->read_plain(page, row)
                                                         : impl_->read_deflated(page, row);
}

bool is_stack_of(const std::filesystem::path &path, const StackShape &shape,
                 const std::map<std::string, std::string> &metadata, TileStorage storage) {
    try {
        return begins_as(TiffFile(path), TiffLayout(shape, ome_xml(shape, metadata), storage));
    } catch (const Error &error) {
        if (error.code != Exit::data && error.code != Exit::no_input) throw;
        return false;
    }
}

}  // namespace unet
