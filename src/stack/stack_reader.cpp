#include "src/stack/stack_reader.h"
#include "src/base/error.h"
#include "src/stack/block_cache.h"
#include "src/stack/block_rows.h"
#include "src/stack/handle_pool.h"
#include "src/stack/known_file.h"
#include "src/stack/unpack.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace unet {

namespace {

struct PageOfFile {
    const KnownFile *file;
    uint64_t page;  ///< in the file
};

std::string where(const PageOfFile &at) { return at.file->path + " page " + std::to_string(at.page) + " (from 0)"; }

std::string pixel(uint64_t x, uint64_t y) { return "pixel (" + std::to_string(x) + ", " + std::to_string(y) + ")"; }

[[noreturn]] void refuse_value(const PageOfFile &at, uint64_t x, uint64_t y, const char *fact, const char *remedy) {
    throw Error(Exit::data, where(at) + ": " + pixel(x, y) + " is " + fact + "; " + remedy);
}

StackShape shape_of(const FileIndex &file) {
    if (const std::string obstacle = file.obstacle(); !obstacle.empty())
        throw Error(Exit::data, file.path.string() + ": " + obstacle);
    const PageLayout &layout = file.run.layout;
    return {.width = int(layout.width),
            .height = int(layout.height),
            .samples = layout.samples,
            .pages = 0,
            .type = *layout.type(),
            .voxel = file.metadata.voxel};
}

std::string describe(const StackShape &shape) {
    return std::to_string(shape.width) + " x " + std::to_string(shape.height) + " " + sample_type_name(shape.type) +
           " with " + std::to_string(shape.samples) + (shape.samples == 1 ? " sample" : " samples");
}

bool same_pixels(const StackShape &a, const StackShape &b) {
    return a.width == b.width && a.height == b.height && a.samples == b.samples && a.type == b.type;
}

/// Calls take(part, plane, left, top) for the part of each block that `region` touches; left, top: the part's place in
/// the page.
template<class Take>
void each_part(const PageLayout &page, Rect region, Take take) {
    const auto first_column = uint32_t(region.x) / page.block_width, first_row = uint32_t(region.y) / page.block_height;
    const auto right = uint64_t(region.x) + region.width, bottom = uint64_t(region.y) + region.height;
    for (uint32_t plane = 0; plane < page.planes(); plane++)
        for (uint64_t row = first_row; row * page.block_height < bottom; row++)
            for (uint64_t column = first_column; column * page.block_width < right; column++) {
                const uint64_t block_left = column * page.block_width, block_top = row * page.block_height;
                const uint64_t left = std::max<uint64_t>(block_left, region.x),
                               top = std::max<uint64_t>(block_top, region.y);
                const BlockPart part{.block = plane * page.blocks_per_plane() + row * page.blocks_across() + column,
                                     .x = uint32_t(left - block_left),
                                     .y = uint32_t(top - block_top),
                                     .width = uint32_t(std::min(right, block_left + page.block_width) - left),
                                     .height = uint32_t(std::min(bottom, block_top + page.block_height) - top)};
                take(part, plane, left, top);
            }
}

void check_finite(const Pixels &pixels, const PageOfFile &at, Rect region) {
    for (size_t i = 0; i < pixels.values.size(); i++) {
        if (std::isfinite(pixels.values[i])) continue;
        const size_t index = i / pixels.channels;
        const char *fact = std::isnan(pixels.values[i]) ? "NaN" : "infinite or beyond the range of 32-bit float";
        refuse_value(at, region.x + index % pixels.width, region.y + index / pixels.width, fact,
                     "replace such pixels by numbers");
    }
}

}  // namespace

struct StackReader::Impl {
    std::vector<KnownFile> files;
    std::vector<int> first_page;  // of each file in the stack
    std::vector<Axis> axes;       // of each file's pages
    std::optional<int> series;
    StackShape shape;
    std::string name;
    mutable HandlePool handles;
    mutable BlockCache cache;

    Impl(const std::vector<std::filesystem::path> &paths, std::optional<int> series) : series(series) {
        if (paths.empty()) throw Error(Exit::no_input, "no TIFF file was given; name at least one");
        name = paths.front().string();
        for (const std::filesystem::path &path : paths) add(path);
    }

    void add(const std::filesystem::path &path) {
        HandlePool::Handle handle = handles.take(path, 0);
        FileIndex file = index_file(*handle, path, series);
        handles.give_back(path, std::move(handle));
        const StackShape own = shape_of(file);
        if (files.empty()) shape = own, axes = file.axes();
        if (axes != file.axes()) axes = common_axes(axes, file.axes(), path);
        if (!same_pixels(own, shape))
            throw Error(Exit::data, path.string() + ": its pages are " + describe(own) + ", those of " + name +
                                        " are " + describe(shape) + "; files of one stack must agree");
        if (file.pages > uint64_t(std::numeric_limits<int>::max() - shape.pages))
            throw Error(Exit::data, path.string() + ": the stack has more than 2147483647 pages; use fewer files");
        first_page.push_back(shape.pages);
        shape.pages += int(file.pages);
        files.emplace_back(std::move(file), files.empty() ? nullptr : files.back().layout);
    }

    /// Of files that are not as deep as each other: nothing, or their channels where those come first.
    std::vector<Axis> common_axes(const std::vector<Axis> &a, const std::vector<Axis> &b,
                                  const std::filesystem::path &path) const {
        const auto is_channels = [](const Axis &axis) { return axis.letter == 'C'; };
        const bool some = std::any_of(a.begin(), a.end(), is_channels) || std::any_of(b.begin(), b.end(), is_channels);
        if (!some) return {};
        if (!a.empty() && !b.empty() && is_channels(a.back()) && a.back() == b.back()) return {a.back()};
        throw Error(Exit::data, path.string() + ": its pages are channels in another number or order than those of " +
                                    name + "; files of one stack must agree");
    }

    PageOfFile find(int page) const {
        if (page < 0 || page >= shape.pages)
            throw Error(Exit::internal, name + ": page " + std::to_string(page) + " was asked for, the stack has " +
                                            std::to_string(shape.pages) + "; please report this fault");
        const auto after = std::upper_bound(first_page.begin(), first_page.end(), page);
        const size_t file = size_t(after - first_page.begin()) - 1;
        return {&files[file], uint64_t(page - first_page[file])};
    }

    void check_inside(Rect region) const {
        const bool inside = region.x >= 0 && region.y >= 0 && region.width >= 0 && region.height >= 0 &&
                            region.width <= shape.width - region.x && region.height <= shape.height - region.y;
        if (!inside)
            throw Error(Exit::internal, name + ": a region outside the page was asked for; please report this fault");
    }

    /// Calls take(page, row, first sample, pixels, plane, x, y) for each stretch of a row that `region` covers.
    template<class Take>
    void visit(const PageOfFile &at, Rect region, Take take) const {
        const PagePlace place = at.file->place(at.page);
        HandlePool::Handle handle = handles.take(at.file->path, place.directory);
        const PageLayout &page = handle->go_to(place.directory);
        if (handle->file().bytes() != at.file->file_bytes || !page.same_pixels(*at.file->layout) ||
            !page.obstacle().empty())
            refuse_page(at, page);
        BlockCache::Block held;
        const auto decoded = [&](uint64_t block) {
            if (!cache.holds()) return handle->decode(block);
            held = cache.get({at.file, place.directory, block}, [&] { return handle->take(block); });
            return held->data();
        };
        each_part(page, region, [&](const BlockPart &part, uint32_t plane, uint64_t left, uint64_t top) {
            const auto take_row = [&](const uint8_t *row, uint64_t first, uint32_t y) {
                take(page, row, first, part.width, plane, left, top + y - part.y);
            };
            try {
                visit_rows(*handle, page, place.shift, part, decoded, take_row);
            } catch (const DamagedBlock &damage) {
                throw Error(Exit::data, where(at) + ": " + damage.fact);
            }
        });
        handles.give_back(at.file->path, std::move(handle));
    }

    [[noreturn]] static void refuse_page(const PageOfFile &at, const PageLayout &page) {
        // Pages of one file agree in size and type, but each has its own compression.
        if (const std::string obstacle = page.obstacle(); !obstacle.empty())
            throw Error(Exit::data, where(at) + ": " + obstacle);
        throw Error(Exit::data,
                    where(at) +
                        ": the file has changed since it was opened; wait until it is written, then start again");
    }
};

StackReader::StackReader(const std::vector<std::filesystem::path> &files, std::optional<int> series)
    : impl_(std::make_unique<Impl>(files, series)) {}
StackReader::StackReader(StackReader &&) noexcept = default;
StackReader::~StackReader() = default;

const StackShape &StackReader::shape() const { return impl_->shape; }
const std::string &StackReader::name() const { return impl_->name; }
const std::vector<Axis> &StackReader::axes() const { return impl_->axes; }

uint64_t StackReader::index_bytes() const {
    uint64_t bytes = impl_->first_page.capacity() * sizeof(int);
    for (const KnownFile &file : impl_->files) bytes += file.bytes_held() + file.bytes_of_path();
    return bytes;
}

uint64_t StackReader::decoding_bytes() const {
    uint64_t most = 0;
    for (const KnownFile &file : impl_->files) {
        const PageLayout &page = *file.layout;
        most = std::max(most, page.plain() ? plain_piece_bytes : 2 * page.block_bytes(0));  // decoded, and as stored
    }
    return most;
}

uint64_t StackReader::block_bytes(Size window) const {
    uint64_t most = 0;
    for (const KnownFile &file : impl_->files) {
        const PageLayout &page = *file.layout;
        if (page.plain()) continue;
        const uint64_t across = std::min(page.blocks_across(), uint64_t(window.width) / page.block_width + 2);
        const uint64_t down = std::min(page.blocks_down(), uint64_t(window.height) / page.block_height + 2);
        most = std::max(most, across * down * page.planes() * page.block_bytes(0));
    }
    return most;
}

void StackReader::hold_blocks(uint64_t most_bytes) { impl_->cache.hold(most_bytes); }

Pixels StackReader::read(int page, Rect region) const {
    const PageOfFile at = impl_->find(page);
    impl_->check_inside(region);
    Pixels pixels(impl_->shape.samples, region.width, region.height);
    if (pixels.values.empty()) return pixels;
    impl_->visit(at, region,
                 [&](const PageLayout &layout, const uint8_t *row, uint64_t first, uint64_t count, uint32_t plane,
                     uint64_t x, uint64_t y) {
                     const uint64_t samples = uint64_t(pixels.channels);
                     float *out = pixels.values.data() + pixels.index(int(plane), int(x - region.x), int(y - region.y));
                     const Packing packing{layout.bits, layout.format};
                     unpack(row, packing, first, layout.planar ? count : count * samples, out,
                            layout.planar ? samples : 1);
                 });
    if (is_floating(impl_->shape.type)) check_finite(pixels, at, region);
    return pixels;
}

Ids StackReader::read_ids(int page, Rect region) const {
    const PageOfFile at = impl_->find(page);
    impl_->check_inside(region);
    if (impl_->shape.samples != 1)
        throw Error(Exit::data, name() + ": labels with " + std::to_string(impl_->shape.samples) +
                                    " samples per pixel (colors?); save one gray value per pixel");
    Ids ids(1, region.width, region.height);
    if (ids.values.empty()) return ids;
    impl_->visit(at, region,
                 [&](const PageLayout &layout, const uint8_t *row, uint64_t first, uint64_t count, uint32_t, uint64_t x,
                     uint64_t y) {
                     const Packing packing{layout.bits, layout.format};
                     const uint64_t good =
                         unpack_ids(row, packing, first, count, &ids(int(x - region.x), int(y - region.y)));
                     if (good < count)
                         refuse_value(at, x + good, y, "no label (negative, fractional, NaN or above 4294967295)",
                                      "labels are whole numbers from 0");
                 });
    return ids;
}

}  // namespace unet
